# A misspelt option is named before what is missing for that very reason.
$ sallyport verify x.csar --polic policy.json
[exit 2]
stderr 'found        --polic'
stderr 'expected     perhaps --policy'
$ sallyport verify x.csar --policy=policy.json --wholly-else
[exit 2]
stderr 'found        --wholly-else'
