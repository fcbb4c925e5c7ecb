# RTC-a: install and upgrade software that was tampered with. (Its twin that was not: RTC-b.)
use node
$ tamper flip 1.csar Artifacts/content.pack bad.csar && twin 1 bad
> refuses_install 3 member-digest-mismatch bad && sallyport node status --root node --json
json .result.active null

$ installs 1
$ tamper flip 2.csar Artifacts/content.pack bad.csar && twin 2 bad
> refuses_install 3 member-digest-mismatch bad
> sallyport node status --root node --json
json .result.active.version "1"
# Known-bad bytes are kept apart as evidence, where nothing can run or use them.
$ ls node/quarantine | wc -l
| 2
$ stat -c %a node/quarantine node/quarantine/* | sort | uniq -c | tr -s ' '
|  2 600
|  1 700
