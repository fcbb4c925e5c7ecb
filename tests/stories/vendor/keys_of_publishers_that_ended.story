# OpenPGP keys and signatures of publishers that do not count, and why; what gpgv alone would take is tried against it.
needs gpg gpgv openssl python3
$ export GNUPGHOME=$PWD/gnupg && mkdir -m 700 gnupg && cat >make.sh <<'SH'
> export GNUPGHOME=$PWD/gnupg
> g() { gpg --batch --quiet --yes --pinentry-mode loopback --passphrase '' "$@" 2>/dev/null; }
> print_of() { g --list-keys --with-colons "$1" | awk -F: '/^fpr/{print $10; exit}'; }
> wrap() { sallyport package build --wrap f.tar --signature "$1" "${@:2}" --name app --version 1 --product demo --counter 1 -o out.csar --json && rm out.csar; }
> # refused CODE FOUND SIGNATURE OPTION...
> refused() {
>   local exit=3; if [ "$1" = usage-error ]; then exit=2; fi
>   refuses "$exit" "$1" package build --wrap f.tar --signature "$3" "${@:4}" --name app --version 1 --product demo --counter 1 -o none.csar && [ ! -e none.csar ] || return
>   grep -q "\"found\":\"[^\"]*$2" refusal.json || { cat refusal.json; return 1; }
> }
> SH
> . ./make.sh && mkdir tree && echo v >tree/f && tar cf f.tar -C tree f
> g --quick-generate-key main ed25519 sign 0 && g --export main >main.gpg && g -u main --detach-sign -o main.sig f.tar && wrap main.sig --publisher-key main.gpg
json .ok true
# Revoked: by one keyring that says so, wherever the key stands besides.
$ . ./make.sh && g --quick-generate-key gone ed25519 sign 0 && g -u gone --detach-sign -o gone.sig f.tar && g --export gone >before.gpg && wrap gone.sig --publisher-key before.gpg >/dev/null
> sed -i 's/^:-----/-----/' "gnupg/openpgp-revocs.d/$(print_of gone).rev" && g --import "gnupg/openpgp-revocs.d/$(print_of gone).rev" && g --export gone >revoked.gpg && cat before.gpg main.gpg revoked.gpg >both.gpg
> gpgv --keyring ./both.gpg gone.sig f.tar 2>/dev/null && refused publisher-unknown 'gone, which is revoked' gone.sig --publisher-key revoked.gpg
> refused publisher-unknown 'which is revoked' gone.sig --publisher-key before.gpg --publisher-key revoked.gpg && refused publisher-unknown 'which is revoked' gone.sig --publisher-key revoked.gpg --publisher-key before.gpg
> refused publisher-unknown 'which is revoked' gone.sig --publisher-key both.gpg && wrap main.sig --publisher-key both.gpg
json .ok true
# A subkey that is revoked, expired, not bound by itself.
$ . ./make.sh && g --quick-generate-key sub ed25519 cert 0 && g --quick-add-key "$(print_of sub)" ed25519 sign 0 && g -u sub --detach-sign -o sub.sig f.tar && g --export sub >sub.gpg && wrap sub.sig --publisher-key sub.gpg >/dev/null
> printf 'key 1\nrevkey\ny\n0\n\ny\nsave\n' | g --command-fd 0 --no-tty --edit-key sub >/dev/null; g --export sub >sub-gone.gpg && refused publisher-unknown 'which is revoked' sub.sig --publisher-key sub-gone.gpg && refused publisher-unknown 'which is revoked' sub.sig --publisher-key sub.gpg --publisher-key sub-gone.gpg
> python3 unbound.py sub.gpg unbound.gpg && refused publisher-unknown 'key [^"]*, which' sub.sig --publisher-key unbound.gpg
# Expired, older than its key, of a key that may not sign (gpgv 2.4 does not look at such a key). A keyring with the new end beside the old one is good.
$ . ./make.sh && old() { g --faked-system-time 20200101T000000 "$@"; } && old --quick-generate-key aged ed25519 sign 1y && g --faked-system-time 20200102T000000 -u aged --detach-sign -o aged.sig f.tar && g --export aged >aged.gpg && refused publisher-unknown 'aged, which is expired' aged.sig --publisher-key aged.gpg
> refused publisher-unknown 'aged, which is expired' aged.sig --publisher-key aged.gpg --at 2020-02-01T00:00:00Z
> g --faked-system-time 20200201T000000 --quick-set-expire "$(print_of aged)" 0 && g --export aged >longer.gpg && wrap aged.sig --publisher-key aged.gpg --publisher-key longer.gpg >/dev/null
> old --ignore-time-conflict -u main --detach-sign -o early.sig f.tar && refused publisher-unknown 'older than its key' early.sig --publisher-key main.gpg
> g --default-sig-expire seconds=1 --no-ask-sig-expire -u main --detach-sign -o short.sig f.tar && sleep 2.1 && refused publisher-unknown 'one that is expired' short.sig --publisher-key main.gpg
> g --quick-generate-key usage ed25519 sign 0 && g -u usage --detach-sign -o usage.sig f.tar && { printf 'change-usage\nS\nQ\nsave\n' | g --command-fd 0 --no-tty --edit-key usage >/dev/null; g --export usage >usage.gpg; } && refused publisher-unknown 'which \(may not sign\|was not given\)' usage.sig --publisher-key usage.gpg
# C08: too small, and of digests that prove nothing.
$ . ./make.sh && for bits in 1024 2048; do g --quick-generate-key "rsa$bits" "rsa$bits" sign 0 && g --export "rsa$bits" >"$bits.gpg" && g -u "rsa$bits" --detach-sign -o "$bits.sig" f.tar || exit; done
> gpgv --keyring ./1024.gpg 1024.sig f.tar 2>/dev/null && refused publisher-algorithm-refused 'of fewer bits' 1024.sig --publisher-key 1024.gpg && wrap 2048.sig --publisher-key 1024.gpg --publisher-key 2048.gpg >/dev/null
> g -u main -u rsa1024 --detach-sign -o two.sig f.tar && cat main.gpg 1024.gpg >two.gpg && wrap two.sig --publisher-key two.gpg >/dev/null && wrap two.sig --publisher-key main.gpg >/dev/null && refused publisher-algorithm-refused 'of fewer bits' two.sig --publisher-key 1024.gpg
> for weak in SHA224 RIPEMD160; do g --digest-algo $weak -u rsa2048 --detach-sign -o weak.sig f.tar && refused publisher-algorithm-refused digest weak.sig --publisher-key 2048.gpg || exit; done
# What carries other bytes along, is over a text, or has notations that nobody knows and everybody has to.
$ . ./make.sh && g -u main --sign -o message f.tar && refused publisher-signature-missing none message --publisher-key main.gpg && g -u main --clearsign -o clear f.tar && refused publisher-signature-missing none clear --publisher-key main.gpg
> g -u main --textmode --detach-sign -o text.sig f.tar && refused publisher-signature-invalid 'VALIDSIG' text.sig --publisher-key main.gpg && g -u main --set-notation '!x@example.org=1' --detach-sign -o critical.sig f.tar && refused publisher-signature-invalid BADSIG critical.sig --publisher-key main.gpg
> g -u main --set-notation 'x@example.org=1' --detach-sign -o notation.sig f.tar && wrap notation.sig --publisher-key main.gpg >/dev/null
# A keyring in armour, with line ends of another system, or of two keys; a keybox.
$ . ./make.sh && g --export --armor main >main.asc && sed 's/$/\r/' main.asc >crlf.asc && wrap main.sig --publisher-key main.asc >/dev/null && wrap main.sig --publisher-key crlf.asc >/dev/null && g --export aged main >several.gpg && wrap main.sig --publisher-key several.gpg >/dev/null
> [ ! -e gnupg/pubring.kbx ] || wrap main.sig --publisher-key gnupg/pubring.kbx >/dev/null
# Keys and signatures of another kind are told by what they look like.
$ . ./make.sh && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout c.key -out c.pem -subj /CN=x 2>/dev/null && openssl x509 -in c.pem -outform DER -out c.der && openssl x509 -in c.pem -noout -pubkey >c.pub && openssl cms -sign -binary -signer c.pem -inkey c.key -in f.tar -outform PEM -out c.cms
> g -u main --armor --detach-sign -o armoured.sig f.tar && for key in c.pem c.pub; do for one in main armoured; do refused publisher-signature-invalid 'an OpenPGP signature' $one.sig --publisher-key $key || exit; done; done
> refused publisher-signature-invalid 'a CMS signature' c.cms --publisher-key main.gpg && refused publisher-signature-invalid 'an OpenPGP keyring' main.asc --publisher-key main.gpg
> refused usage-error 'DER' main.sig --publisher-key c.der && refused usage-error 'an OpenPGP signature' main.sig --publisher-key main.sig && refused usage-error 'a private key' main.sig --publisher-key c.key && { cat main.gpg; g --export-secret-keys main; } >pair.gpg && refused usage-error "a private key" main.sig --publisher-key pair.gpg
> { echo words; cat main.asc; } >words.asc && refused usage-error 'PEM with something before it' main.sig --publisher-key words.asc && printf '\357\273\277' | cat - c.pem >bom.pem && refused usage-error 'byte order mark' main.sig --publisher-key bom.pem
-- unbound.py --
"""unbound.py IN OUT: the signing subkey without its own signature that it belongs to the key (subpacket 32)."""
import sys

data, out, at = open(sys.argv[1], "rb").read(), b"", 0
while at < len(data):
    tag, size = data[at] >> 2 & 15, 1 << (data[at] & 3)
    length = int.from_bytes(data[at + 1:at + 1 + size], "big")
    body = data[at + 1 + size:at + 1 + size + length]
    at += 1 + size + length
    if tag == 2 and body[1] == 0x18:
        begin = 6 + int.from_bytes(body[4:6], "big")
        end = begin + 2 + int.from_bytes(body[begin:begin + 2], "big")
        kept, place = b"", begin + 2
        while place < end:
            long = body[place] >= 192
            whole = (((body[place] - 192) << 8) + body[place + 1] + 194 if long else body[place] + 1)
            if body[place + 1 + long] & 0x7f != 32:
                kept += body[place:place + whole]
            place += whole
        body = body[:begin] + len(kept).to_bytes(2, "big") + kept + body[end:]
    out += bytes([0x80 | tag << 2 | 1]) + len(body).to_bytes(2, "big") + body
open(sys.argv[2], "wb").write(out)
