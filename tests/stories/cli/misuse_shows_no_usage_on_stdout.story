# Whoever reads stdout by a program gets results or nothing: usage text, refusals and near misses go to stderr.
use packages
$ for words in 'expain x' 'node instal' 'node install' 'verify' 'verify 1.csar' 'verify 1.csar --policy' 'verify nothing --policy policy.json' \
>   'verify 1.csar --policy policy.json --fast' 'explain' 'explain no-such-code' 'package build --from tree' \
>   'key create' 'node status --root nowhere' 'verify 1.csar --policy policy.json --at yesterday'; do
>   status=0; sallyport $words >out 2>err || status=$?
>   if [ "$status" != 2 ] || [ -s out ] || [ ! -s err ]; then echo "$words: exit $status"; fi
>   status=0; sallyport $words --json >out 2>err || status=$?
>   python3 -c 'import json; d = json.load(open("out")); assert d["ok"] is False and d["error"]["exit"] == 2, d' || echo "$words --json"
> done
! stdout 'exit'
! stdout 'json'
$ sallyport nod status --root x
[exit 2]
stderr 'perhaps `sallyport node status`'
$ sallyport verify 1.csar --polcy policy.json
[exit 2]
stderr 'perhaps --policy'
# No way around the checks.
$ for way in --insecure --force --no-verify --skip-verify --yes; do refuses 2 usage-error verify 1.csar --policy policy.json $way; done
