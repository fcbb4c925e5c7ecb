# `status` is `node status` of the root that the packaged agent has, or of another.
use installed
needs root unshare
$ sallyport node status --root node >one && sallyport status --root node >other && diff one other
$ unshare -m sh -c 'mount -t tmpfs none /var/lib && sallyport status'
[exit 2]
stderr '/var/lib/sallyport'
