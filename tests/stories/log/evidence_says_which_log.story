# The evidence of a node says which log its policy requires and how many events there were, and its laboratory nodes are
# installed with the same proofs.
use logged
$ logged 1 && installs 1 && logged 2 && installs 2
$ sallyport evidence run --root node -o evidence
stdout ' 0 failed'
stdout 'PASS     RTC-b'
$ base64 -d <<<"$(sed 's/.*"payload":"\([^"]*\)".*/\1/' evidence/evidence.dsse)" | grep -o '"log":"[^"]*","events":[1-9]'
stdout '"log":"log.example/packages, cosigned by 2 of w1.example, w2.example","events":'
$ sallyport evidence report evidence -o evidence.html >/dev/null && grep -c 'log.example/packages, cosigned by 2' evidence.html
| 1
