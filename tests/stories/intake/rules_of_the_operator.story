# YARA rules look as well. One engine that finds something is enough, and the verdict says who found it and who did not (H13).
use packages
$ clamd_here && echo --policy policy.json --key file:intake.key --clamd clamd/clamd.sock >args
$ sallyport intake submit 1.csar $(cat args) --yara harmless.yar -o 1.verdict
stdout 'outcome      clean'
stdout 'engine       yara, YARA 4'
$ sallyport verify 1.verdict --policy policy.json && echo "sha256:$(sha256sum harmless.yar | cut -c1-64)" >digest && sallyport verify 1.verdict \
>   --policy policy.json | grep -cF "database $(cat digest)"
stdout 'scan coverage yara: 10 files'
stdout '1'
$ cp -r tree marked && echo 'a word that nobody uses: abracadabra' >marked/notes.txt && package marked marked 4
> refuses 3 malware-found intake submit marked.csar $(cat args) --yara harmless.yar --yara words.yar -o marked.verdict
$ sallyport intake show marked.verdict --policy policy.json
stdout 'malware-found notes.txt'
stdout 'yara: spell (clamd says clean'
# Rules that are none give no verdict; some that are older than the policy lets a database be, one that is not clean.
$ refuses 1 scanner-failed intake submit 2.csar $(cat args) --yara broken.yar -o 2.verdict
> refuses 2 file-missing intake submit 2.csar $(cat args) --yara none.yar -o 2.verdict
> ! test -e 2.verdict && touch -d 2020-01-01 words.yar
> refuses 4 verdict-stale intake submit 2.csar $(cat args) --yara words.yar -o 2.verdict
> sallyport intake show 2.verdict --policy policy.json
stdout 'verdict-stale yara'
-- harmless.yar --
rule nothing { strings: $a = "this is in no package of the tests" condition: $a }
-- words.yar --
rule spell { strings: $a = "abracadabra" condition: $a }
-- broken.yar --
rule spell { strings: $a = "abracadabra" condition: $b }
