# A private key is its owner's alone, whatever the umask; a wider one is not used, and none is ever overwritten.
$ umask 0 && sallyport key create -o alice.key >/dev/null && stat -c %a alice.key
| 600
$ refuses 2 file-exists key create -o alice.key
$ refuses 2 usage-error key create --type rsa2048 -o small.key && ! test -e small.key
$ for type in ed25519 p256 p384 rsa3072; do
>   sallyport key create --type $type -o $type.key >/dev/null && sallyport key show file:$type.key | head -n 1
> done
|   algorithm    Ed25519
|   algorithm    ECDSA P-256
|   algorithm    ECDSA P-384
|   algorithm    RSA 3072
$ test "$(sallyport key show alice.key.pub --json | grep -o '"key_id":"[0-9a-f]*"')" = \
>   "$(sallyport key show file:alice.key --json | grep -o '"key_id":"[0-9a-f]*"')"
$ chmod 640 alice.key && refuses 1 key-unusable key csr --key file:alice.key --cn alice -o alice.csr
$ chmod 600 alice.key && sallyport key csr --key file:alice.key --cn alice -o alice.csr >/dev/null && openssl req -in alice.csr -noout -verify 2>&1 | grep -o 'verify OK'
| verify OK
$ echo nonsense >alice.key && refuses 1 key-unusable key show file:alice.key
