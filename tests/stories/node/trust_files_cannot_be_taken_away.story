# A13, D22, D23: without the files that control the checks, or with others, every package is refused.
use installed
$ cp -a node good
> for file in policy.json node.json; do
>   rm node/$file && refuses 3 trust-file-damaged node install $(install_args 2) && refuses 3 trust-file-damaged node fsck --root node
>   : >node/$file && refuses 3 trust-file-damaged node install $(install_args 2)
>   mkdir other && mv node/$file other && mkdir node/$file && refuses 3 trust-file-damaged node install $(install_args 2)
>   rm -r node other && cp -a good node
> done
# Another policy in its place, even one under which everything would be granted; and a link to it.
$ sed 's/"persons": 2/"persons": 1/' policy.json >weak.json && sallyport policy check weak.json >/dev/null
> cp weak.json node/policy.json && refuses_install 3 trust-file-damaged 2
$ ln -sf "$PWD/policy.json" node/policy.json && refuses 3 trust-file-damaged node install $(install_args 2)
$ rm -r node && cp -a good node && rm node/journal && refuses_install 3 node-state-damaged 2
$ rm -r node && refuses 2 node-not-initialised node install $(install_args 2)
