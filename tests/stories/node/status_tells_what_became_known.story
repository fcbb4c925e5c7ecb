# What runs is not stopped by damage that was found, or by its signer's revocation; the status tells of both, until a verification goes well.
use upgraded
needs root openssl
$ sallyport node status --root node
! stdout 'generation-damaged'
! stdout 'certificate-revoked'
$ cp -a node/generations/2/tree/etc/demo.conf kept && printf x >>node/generations/2/tree/etc/demo.conf
> refuses 3 generation-damaged node verify --root node && sallyport node status --root node
stdout 'generation-damaged'
stdout 'by the event node-verify of 20'
$ cp -a kept node/generations/2/tree/etc/demo.conf && sallyport node verify --root node >/dev/null && sallyport node status --root node
! stdout 'generation-damaged'
$ lists acme && revoke acme release keyCompromise && crl acme >acme.crl && sallyport node crl acme.crl --root node >/dev/null
> sallyport node status --root node
stdout 'certificate-revoked'
stdout 'generation 2, '
