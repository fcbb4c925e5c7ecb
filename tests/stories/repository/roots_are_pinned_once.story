# Everything that a repository says is trusted through the root that somebody gave the node once.
needs root
use repository
$ web_here repo
> refuses 2 file-missing node sync "$(cat url)" --root node
$ syncs --pin first-root.json >/dev/null
> refuses 2 file-exists node sync "$(cat url)" --root node --pin first-root.json
$ grep -o 'a root that is pinned already' refusal.json
| a root that is pinned already
# A root of strangers leads nowhere.
$ mv repo genuine && first_root 1 server-2 officer-4 && publish '' server-2
> refuses 3 tuf-signatures-missing node sync "$(cat url)" --root node
# What was accepted before a refusal stays, and is not said to be nothing.
$ cat refusal.json
stdout 'what was accepted of the repository before this is kept'
# Neither does one that nobody signed, nor no root at all.
$ rm -r node/repository && sed 's/"sig":"[0-9a-f]*"/"sig":"00"/' first-root.json >unsigned.json
> refuses 3 tuf-signatures-missing node sync "$(cat url)" --root node --pin unsigned.json
$ refuses 2 url-invalid node sync file:///tmp --root node --pin first-root.json
