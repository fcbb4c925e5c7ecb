# A13: no other account of the machine reads or changes what controls the checks.
use installed
needs setpriv root
$ chmod 755 . && for file in policy.json node.json node.key journal state.a state.b objects generations; do
>   ! setpriv --reuid 4123 --regid 4123 --clear-groups ls -l node/$file >/dev/null 2>&1
>   ! setpriv --reuid 4123 --regid 4123 --clear-groups sh -c "echo >>node/$file" 2>/dev/null
> done
$ chmod 644 ./*.csar ./*.verdict ./*.order
> setpriv --reuid 4123 --regid 4123 --clear-groups "$(command -v sallyport)" node install $(install_args 2)
[exit 6]
stderr 'permission-missing'
