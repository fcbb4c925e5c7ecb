# A folder that holds anything else does not become a node, and nothing is put there; a rehearsal says so, too.
use packages
needs root
$ mkdir others; echo mine >others/notes; ls -lai others >before
$ sallyport node init --root others --policy policy.json --node node-1 --pool pool-1 --dry-run
[exit 2]
stderr 'file-exists'
$ sallyport node init --root others --policy policy.json --node node-1 --pool pool-1
[exit 2]
stderr 'where        notes'
$ ls -lai others | diff before -
$ sallyport node init --root new --policy policy.json --node node-1 --pool pool-1 --dry-run; ls -d new
[exit 2]
stdout 'Would make node node-1'
$ sallyport node init --root new --policy policy.json --node node-9 --pool pool-1 --dry-run
[exit 4]
stderr 'node-unknown'
$ sallyport node init --root new --policy policy.json --node node-1 --pool pool-1 >/dev/null; sallyport node fsck --root new
stdout 'Clean'
# A folder that anybody could write to becomes no node, and what to do about it is said.
$ mkdir wide; chmod 777 wide; sallyport node init --root wide --policy policy.json --node node-1 --pool pool-1
[exit 6]
stderr 'chmod 700 wide'
stderr 'found        mode 0777'
