# R07: of a person's keys one may be over or revoked: it signs nothing and counts for nothing, and the others go on.
use node
$ edited policy.json '[x for x in p["persons"] if x["id"] == "dave"][0]["keys"][1] = {"key": open("dave-2.key.pub").read(), "not_after": "2020-01-01T00:00:00Z"}' >over.json
> edited policy.json '[x for x in p["persons"] if x["id"] == "dave"][0]["keys"][1] = {"key": open("dave-2.key.pub").read(), "revoked_at": "2020-01-01T00:00:00Z"}' >revoked.json
> clamd_here && for p in over revoked; do
>   sallyport intake submit 1.csar --policy $p.json --key file:intake.key --clamd clamd/clamd.sock -o $p.verdict >/dev/null
>   cp 1.csar $p.csar && sallyport deploy propose $p.csar --verdict $p.verdict --policy $p.json --pool pool-1 --as alice --key file:alice.key -o $p.order >/dev/null
> done; clamd_gone
$ refuses 4 signer-key-not-valid deploy approve over.order --policy over.json --as dave --key file:dave-2.key
> refuses 4 signer-revoked deploy approve revoked.order --policy revoked.json --as dave --key file:dave-2.key
# Signed while the key was good: the node asks as of when it installs.
$ for p in over revoked; do
>   cp $p.order $p-late.order && cp $p.csar $p-late.csar && cp $p.verdict $p-late.verdict
>   sallyport deploy approve $p-late.order --policy $p.json --as bob --key file:bob.key >/dev/null
>   sallyport deploy approve $p-late.order --policy $p.json --as dave --key file:dave-2.key --at 2019-12-31T00:00:00Z >/dev/null
> done
> rm -r node && sallyport node init --root node --policy over.json --node node-1 --pool pool-1 >/dev/null && refuses_install 4 signer-key-not-valid over-late
> rm -r node && sallyport node init --root node --policy revoked.json --node node-1 --pool pool-1 >/dev/null && refuses_install 4 signer-revoked revoked-late
# The other key of the same person.
$ sallyport deploy approve revoked.order --policy revoked.json --as dave --key file:dave.key >/dev/null
> sallyport deploy approve revoked.order --policy revoked.json --as bob --key file:bob.key >/dev/null && installs revoked && active
| 1
