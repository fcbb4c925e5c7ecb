# However long what somebody gives is: what is said about it fits on a screen, and into a line of the event log.
use installed
$ long=$(head -c 100000 /dev/zero | tr '\0' x) && for words in "verify $long --policy policy.json" "$long" "verify 1.csar --$long" "explain $long" \
>     "node status --root $long" "node run $long --root node" "node stop $long --root node" "deploy show $long" "key show $long" "verify 1.csar --policy policy.json --at $long" \
>     "node install $long --verdict $long --order $long --root node" "policy check $long" "package build --from tree --name $long --version 1 --product demo --counter 1 -o x.csar"; do
>   for form in '' --json; do
>     s=0; sallyport $words $form >out 2>err || s=$?
>     if [ $s = 0 ] || [ "$(cat out err | wc -c)" -gt 20000 ]; then echo "$(cat out err | wc -c) bytes, exit $s: $(echo "$words" | cut -c1-40)"; fi
>   done
> done
$ awk 'length > 20000' node/events.jsonl | wc -l
| 0
$ sallyport verify "$(head -c 5000 /dev/zero | tr '\0' x)" --policy policy.json
[exit 2]
stderr 'x… (5000 bytes)'
