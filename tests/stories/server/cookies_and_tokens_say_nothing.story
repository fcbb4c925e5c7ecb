# Q05: nobody is known by anything but the certificate of the connection. There is no session, cookie or token that a page of others could use, or that could leak.
use server
$ server_config "$(free_port)" 's["workers"] = 0' >sallyportd.json && server_here
$ api 401 - GET /api/v1/policy -H 'Authorization: Bearer auditor' -H 'Cookie: session=auditor' -H 'X-Forwarded-User: auditor'
stdout 'urn:sallyport:problem:not-authenticated'
$ ! grep -i '^set-cookie' api.head
$ api 401 - GET '/api/v1/policy?access_token=auditor&account=auditor'
stdout 'urn:sallyport:problem:not-authenticated'
# With a certificate they add nothing to what its account may.
$ api 403 monitor GET /api/v1/policy -H 'Authorization: Bearer auditor' -H 'X-Forwarded-User: auditor'
stdout 'urn:sallyport:problem:not-allowed'
$ api 200 auditor GET /healthz && ! grep -iE '^(set-cookie|access-control-)' api.head
stdout 'alive'
