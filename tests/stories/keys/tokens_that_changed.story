# R05: slots in another order are no other key; a key of the same name is one, and what it signed counts for nobody.
use verdicts
needs softhsm2-util pkcs11-tool openssl
$ mkdir tokens && echo "directories.tokendir = $PWD/tokens" >softhsm.conf && (umask 077 && echo 4711 >pin)
> find /usr/lib -name libsofthsm2.so | head -n 1 >module && export SOFTHSM2_CONF=$PWD/softhsm.conf
> make_token() {
>   softhsm2-util --init-token --free --label "$1" --so-pin 4711 --pin 4711 >/dev/null
>   pkcs11-tool --module "$(cat module)" --token-label "$1" --login --pin 4711 --keypairgen --key-type EC:secp256r1 --label approver --id 01 >/dev/null 2>&1
> }
> make_token bobs && make_token carols && softhsm2-util --show-slots | sed -n 's/^Slot \([0-9]*\)$/\1/p' | head -n 2 >slots
> for t in bobs carols; do echo "pkcs11:token=$t;object=approver;type=private?module-path=$(cat module)&pin-source=file:$PWD/pin" >$t.uri; done
> sallyport key show "$(cat bobs.uri)" -o bobs.pub >/dev/null && sallyport key show "$(cat carols.uri)" -o carols.pub >/dev/null && ! cmp -s bobs.pub carols.pub
> edited policy.json '
> for i, f in [("bob", "bobs.pub"), ("carol", "carols.pub")]: [x for x in p["persons"] if x["id"] == i][0]["keys"] = [open(f).read()]
> ' >tokens.json && mv tokens.json policy.json && clamd_here && rm 1.verdict && verdict 1 && clamd_gone && proposal 1
# By the token's name, whatever slot it is in now: a third token comes in between, and the folders change places.
$ export SOFTHSM2_CONF=$PWD/softhsm.conf && softhsm2-util --init-token --free --label other --so-pin 4711 --pin 4711 >/dev/null
> i=0; for d in $(ls tokens | sort -r); do i=$((i + 1)); mv "tokens/$d" "tokens/0000000$i-0000-0000-0000-000000000000"; done
> sallyport deploy approve 1.order --policy policy.json --as bob --key "$(cat bobs.uri)"
stdout 'approved     bob'
# Another person's token in the reader, or another key under the same name: told at once, and nothing is added to the order.
$ export SOFTHSM2_CONF=$PWD/softhsm.conf && cp 1.order before.order && refuses 6 person-key-mismatch deploy approve 1.order --policy policy.json --as carol --key "$(cat bobs.uri)"
> softhsm2-util --delete-token --token carols >/dev/null && softhsm2-util --init-token --free --label carols --so-pin 4711 --pin 4711 >/dev/null
> pkcs11-tool --module "$(cat module)" --token-label carols --login --pin 4711 --keypairgen --key-type EC:secp256r1 --label approver --id 01 >/dev/null 2>&1
> refuses 6 person-key-mismatch deploy approve 1.order --policy policy.json --as carol --key "$(cat carols.uri)" && cmp 1.order before.order
# A package is not signed with a key that its certificate does not belong to.
$ export SOFTHSM2_CONF=$PWD/softhsm.conf && cp 1.csar before.csar && refuses 1 key-unusable package sign 1.csar --key "$(cat bobs.uri)" --cert release.pem && cmp 1.csar before.csar
