# G20: between reading and signing, whoever keeps the file may put another one in its place. --reviewed binds the signature to what was read.
use ruled
$ sallyport deploy review 1.order --policy policy.json >screen && sed -n 's/^Next: .* --reviewed //p' screen >digest && test "$(wc -c <digest)" = 65
$ cp 1.order kept && cp 2.order 1.order
$ refuses 3 not-what-was-reviewed deploy approve 1.order --policy policy.json --as bob --key file:bob.key --reviewed "$(cat digest)"
$ refuses 3 not-what-was-reviewed deploy refuse 1.order --policy policy.json --as bob --key file:bob.key --reviewed "$(cat digest)"
$ cmp 1.order 2.order && cp kept 1.order && refuses 2 usage-error deploy approve 1.order --policy policy.json --as bob --key file:bob.key --reviewed abc
$ sallyport deploy approve 1.order --policy policy.json --as bob --key file:bob.key --reviewed "$(cat digest)"
stdout 'approved     bob'
# More signatures are no other order.
$ sallyport deploy approve 1.order --policy policy.json --as carol --key file:carol.key --reviewed "$(cat digest)"
stdout 'approved     bob, carol'
# A policy likewise; the last officer is told what comes next.
$ edited policy.json 'p["version"] = 2; p["name"] = "Operator X, second"' >two.json
> sallyport policy review two.json --policy policy.json >screen && sed -n 's/^Next: .* --reviewed //p' screen >digest && test "$(wc -c <digest)" = 65
> cp two.json kept && sed -i 's/second/third/' two.json
> refuses 3 not-what-was-reviewed policy approve two.json --policy policy.json --as alice --key file:alice.key --reviewed "$(cat digest)" && ! test -e two.json.signed
$ cp kept two.json && sallyport policy approve two.json --policy policy.json --as alice --key file:alice.key --reviewed "$(cat digest)"
stdout 'Next: another officer reads it'
$ sallyport policy approve two.json.signed --policy policy.json --as carol --key file:carol.key --reviewed "$(cat digest)"
stdout 'Next: each node has to know it: sallyport node policy two.json.signed --root DIR'
