# RI-2: the node itself validates the software, by digital signature. It needs no server and believes none.
use installed
# No network at all.
needs unshare
$ unshare -n sallyport node install $(install_args 2)
stdout 'PASS  signature  CN=acme release'
stdout 'anchor CN=acme root'

# The vendor's signature is checked on the node, though intake and all approvers have said yes.
$ sallyport package build --from tree --name demo --version 3 --product demo --counter 3 -o unsigned.csar >/dev/null
> twin 3 unsigned && refuses_install 3 signature-missing unsigned
$ cp 3.csar strange.csar && twin 3 strange
> sallyport package sign strange.csar --key file:stranger.key --cert stranger.pem >/dev/null
> refuses_install 3 signer-unknown strange
# The installed release is validated again from the vendor's own signature, not from a flag.
$ sallyport node verify --root node
stdout 'signer       CN=acme release'
$ sed -i 's/Hash: 0/Hash: 1/; s/Hash: [2-9a-f]/Hash: 0/' node/generations/2/manifest.mf
> refuses 3 signature-invalid node verify --root node
