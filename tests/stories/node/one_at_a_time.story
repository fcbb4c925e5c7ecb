# J16: two installers at once: one works, the others are told so and change nothing.
use installed
$ flock node/lock sleep 60 & holder=$!
> until ! flock -n node/lock true; do sleep 0.02; done
> refuses 7 node-busy node install $(install_args 2) && refuses 7 node-busy node rollback --root node
> sallyport node status --root node >/dev/null && pkill -P $holder
$ for n in 1 2 3 4; do (s=0; sallyport node install $(install_args 2) >out.$n 2>&1 || s=$?; echo $s >exit.$n) & done; wait
> sort exit.* | uniq -c | tr -s ' '
|  1 0
|  3 7
$ active && sallyport node fsck --root node >/dev/null && cat out.* | grep -c 'REFUSED  \(node-busy\|order-replayed\)'
| 2
| 3
