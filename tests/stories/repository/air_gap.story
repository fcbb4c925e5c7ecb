# A site without a network takes the whole repository in from one file, and needs nothing else.
needs root
use repository
$ sallyport bundle export --repository repo -o site.bundle
stdout 'root 1, snapshot 1, 1 package'
$ sallyport bundle export --repository repo -o site.bundle
[exit 2]
stderr 'file-exists'
# The same repository gives the same bytes.
$ sallyport bundle export --repository repo -o again.bundle >/dev/null && cmp site.bundle again.bundle
$ sallyport bundle export --repository repo -o not.bundle --dry-run && test ! -e not.bundle
stdout 'Would write not.bundle'
$ refuses 2 file-missing bundle import site.bundle --root node
$ sallyport bundle import site.bundle --root node --pin first-root.json
stdout 'Order 1: demo 1 is here.'
$ rm site.bundle again.bundle && sallyport node install node/repository/packages/*.csar --root node \
>   --verdict node/repository/verdicts/*.dsse --order node/repository/orders/*.dsse >/dev/null && active
| 1
$ tail -n 2 node/events.jsonl | grep -o '"activity":"[a-z-]*","outcome":"[a-z]*"'
| "activity":"bundle-import","outcome":"accepted"
| "activity":"node-install","outcome":"accepted"
# The next bundle brings only what the site lacks.
$ publish 2 && sallyport bundle export --repository repo -o 2.bundle --have "$(sha256sum 1.csar | cut -c-64)" --json
json .result.packages 1
json .result.packages_left_out 1
$ sallyport bundle import 2.bundle --root node
stdout 'Order 2: demo 2 is here.'
# A bundle that leaves out what a node still needs is no failure of its checks: exit code 5, and the next bundle goes on.
$ publish 3 && sallyport bundle export --repository repo -o 3.bundle --have "$(sha256sum 3.csar | cut -c-64)" >/dev/null
> sallyport bundle import 3.bundle --root node
[exit 5]
stderr 'server-file-missing'
$ sallyport bundle export --repository repo -o 4.bundle >/dev/null && sallyport bundle import 4.bundle --root node
stdout 'Order 3: demo 3 is here.'
# Nothing half goes out: a repository that is not what it lists is found before a bundle is written.
$ printf x >>"$(ls repo/targets/packages/*"$(sha256sum 3.csar | cut -c-64)".csar)"
> refuses 3 tuf-digest-mismatch bundle export --repository repo -o 5.bundle
$ test ! -e 5.bundle
# What is on a medium can be looked at anywhere: with the policy and nothing else.
$ sallyport verify 4.bundle --policy policy.json
stdout 'is a genuine bundle'
$ sallyport inspect 4.bundle
stdout 'metadata/timestamp.json'
$ sed 's/"version": 1/"version": 2/' policy.json >other.json && refuses 4 policy-mismatch verify 4.bundle --policy other.json
