# A node wants to see how the log got from what it saw to what it is shown; without that it says which size it has seen.
use logged
$ logged 1 && installs 1 && logged 2
$ sallyport log prove 2.order --log log --since 4 -o 2.order.proof && refuses_install 4 log-consistency-missing 2
$ grep -o 'the 3 entries seen before' refusal.json
| the 3 entries seen before
$ sallyport log prove 2.order --log log --since 3 -o 2.order.proof && installs 2
# By default the proof leads from whatever was cosigned before.
$ logged 3 && installs 3
