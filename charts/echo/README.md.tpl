# echo

Runs a gRPC server on Kubernetes so that calls, and not just connections, spread over its pods, and the evenly-echo client
that measures whether they do. What `loadBalancing` says once becomes what is in use: a plain gRPC client's service config,
Istio's rules, Linkerd's annotations or Envoy Gateway's policy.

## Quick start

From the top of the repository, three servers:

```
helm upgrade --install grpc-server charts/echo --set replicaCount=3
```

A Job that makes 300 calls to them through the ClusterIP, and its verdict:

```
helm upgrade --install grpc-client-job charts/echo -f values/client-job.yaml --set client.target=grpc-server-echo:8080
kubectl logs -f job/grpc-client-job-echo
```

The same through the headless Service with round_robin, in a Job that fails unless the calls are spread:

```
helm upgrade --install grpc-client-rr charts/echo -f values/client-job.yaml \
  --set client.target=dns:///grpc-server-echo-headless:8080,client.lbPolicy=round_robin,client.expect=even
```

Helm then prints how to dial what runs, who will serve the calls and what to try next; `helm get notes RELEASE` prints it
again. [`values/`](../../values) has a file for each common setup, which says at its head what it does.

## Values

`""` and `0` mean "not set" where the description says nothing else. NAME stands for a name of your own: entries of a map
are added and changed one by one, by any number of values files. A duration is a whole number and ms, s, m or h, such as
`250ms`. A key that is not here is refused with its place, before anything is rendered.

<!-- values -->

## Upgrading

Versions follow SemVer. A major version says here what to change in your values first; a key that has gone is refused, not
ignored, so no upgrade drops a setting of yours unseen. There is nothing to change so far.
