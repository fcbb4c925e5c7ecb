# A node wants to see how the log got from what it saw to what it is shown; without that it says which size it has seen.
use logged
$ logged 1 && installs 1 && logged 2
$ sallyport log prove 2.order --log log --since 4 -o 2.order.proof && refuses_install 4 log-consistency-missing 2
$ grep -o 'the 3 entries seen before' refusal.json
| the 3 entries seen before
$ sallyport log prove 2.order --log log --since 3 -o 2.order.proof && installs 2
# By default the proof leads from whatever was cosigned before.
$ logged 3 && installs 3
# A size that the log never had is misuse, not a proof that says less than was asked for.
$ for size in 0 10 18446744073709551615; do refuses 2 usage-error log prove 3.order --log log --since $size -o new.proof || exit 1; done
$ grep -o '"where":"--since","expected":"1 to 9"' refusal.json && test ! -e new.proof
| "where":"--since","expected":"1 to 9"
# All that is asked for is in it, up to 64 sizes.
$ sallyport log prove 3.order --log log --since 1 --since 9 -o new.proof && sallyport log verify 3.order --proof new.proof --policy policy.json
$ refuses 2 usage-error log prove 3.order --log log $(printf -- '--since 1 %.0s' $(seq 65)) -o many.proof
