# R05: The vendor's key stays in a PKCS#11 token (SoftHSM2 here): the package that it signs is like any other.
use packages
needs softhsm2-util pkcs11-tool openssl
$ mkdir tokens && echo "directories.tokendir = $PWD/tokens" >softhsm.conf && (umask 077 && echo 4711 >pin && echo 4712 >wrong)
> module=$(find /usr/lib -name libsofthsm2.so | head -n 1) && export SOFTHSM2_CONF=$PWD/softhsm.conf
> softhsm2-util --init-token --free --label release --so-pin 4711 --pin 4711 >/dev/null
> pkcs11-tool --module "$module" --token-label release --login --pin 4711 --keypairgen --key-type EC:secp384r1 --label demo --id 01 \
>   >/dev/null 2>&1
> echo "pkcs11:token=release;object=demo;type=private?module-path=$module" >uri
$ export SOFTHSM2_CONF=$PWD/softhsm.conf
> sallyport key csr --key "$(cat uri)&pin-source=file:$PWD/pin" --cn 'acme token' -o token.csr >/dev/null
> printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n' >ext
> openssl x509 -req -in token.csr -CA acme-ca.pem -CAkey acme-ca.key -days 20 -out token.pem -extfile ext 2>/dev/null
> sallyport package sign 1.csar --key "$(cat uri)&pin-source=file:$PWD/pin" --cert token.pem
stdout 'CN=acme token (ECDSA P-384)'
$ sallyport verify 1.csar --policy policy.json
stdout 'signature    CN=acme token'

# A wrong PIN, an empty one, no such token, no such key, a PIN that others can read: nothing is signed.
$ export SOFTHSM2_CONF=$PWD/softhsm.conf && cp 1.csar before.csar
> refuses 5 token-unavailable package sign 1.csar --key "$(cat uri)&pin-source=file:$PWD/wrong" --cert token.pem
$ export SOFTHSM2_CONF=$PWD/softhsm.conf && (umask 077 && : >empty)
> refuses 5 token-unavailable package sign 1.csar --key "$(cat uri)&pin-source=file:$PWD/empty" --cert token.pem
$ export SOFTHSM2_CONF=$PWD/softhsm.conf
> refuses 5 token-unavailable package sign 1.csar --key "$(sed s/=release/=absent/ uri)&pin-source=file:$PWD/pin" --cert token.pem
$ export SOFTHSM2_CONF=$PWD/softhsm.conf
> refuses 5 token-unavailable package sign 1.csar --key "$(sed s/=demo/=absent/ uri)&pin-source=file:$PWD/pin" --cert token.pem
$ export SOFTHSM2_CONF=$PWD/softhsm.conf && chmod 644 pin
> refuses 1 key-unusable package sign 1.csar --key "$(cat uri)&pin-source=file:$PWD/pin" --cert token.pem && cmp 1.csar before.csar
# The PIN is in no message.
$ cat refusal.json refusal.err
! stdout '471'
