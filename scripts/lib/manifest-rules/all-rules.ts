import type { ManifestRule } from './manifest-rule.ts'
import { ambientPolicy } from './rules/ambient-policy.ts'
import { ambientWaypoint } from './rules/ambient-waypoint.ts'
import { clientIpAffinity } from './rules/client-ip-affinity.ts'
import { clusterIpPins } from './rules/cluster-ip-pins.ts'
import { connectionPerCall } from './rules/connection-per-call.ts'
import { destinationRuleHost } from './rules/destination-rule-host.ts'
import { destinationRuleTwice } from './rules/destination-rule-twice.ts'
import { drainExceedsGrace } from './rules/drain-exceeds-grace.ts'
import { gatewayMissing } from './rules/gateway-missing.ts'
import { grpcProbePort } from './rules/grpc-probe-port.ts'
import { headlessMeshPolicy } from './rules/headless-mesh-policy.ts'
import { headlessPickFirst } from './rules/headless-pick-first.ts'
import { headlessPort } from './rules/headless-port.ts'
import { httpRouteGrpc } from './rules/http-route-grpc.ts'
import { inboundBypassed } from './rules/inbound-bypassed.ts'
import { ingressGrpc } from './rules/ingress-grpc.ts'
import { injectAnnotation } from './rules/inject-annotation.ts'
import { injectionBlocked } from './rules/injection-blocked.ts'
import { jobSidecar } from './rules/job-sidecar.ts'
import { k8sTargetRights } from './rules/k8s-target-rights.ts'
import { leastConn } from './rules/least-conn.ts'
import { linkerdHeadless } from './rules/linkerd-headless.ts'
import { linkerdOpaque } from './rules/linkerd-opaque.ts'
import { linkerdServiceProfile } from './rules/linkerd-service-profile.ts'
import { localityInert } from './rules/locality-inert.ts'
import { meshRouteNoProxy } from './rules/mesh-route-no-proxy.ts'
import { mtlsToPlain } from './rules/mtls-to-plain.ts'
import { notReadyPublished } from './rules/not-ready-published.ts'
import { outlierBusinessErrors } from './rules/outlier-business-errors.ts'
import { outlierInert } from './rules/outlier-inert.ts'
import { passthroughPolicy } from './rules/passthrough-policy.ts'
import { poolTooSmall } from './rules/pool-too-small.ts'
import { portHttp } from './rules/port-http.ts'
import { portProtocol } from './rules/port-protocol.ts'
import { portUndeclared } from './rules/port-undeclared.ts'
import { proxyBypassed } from './rules/proxy-bypassed.ts'
import { referenceGrant } from './rules/reference-grant.ts'
import { registryOnly } from './rules/registry-only.ts'
import { replicasBesideAutoscaler } from './rules/replicas-beside-autoscaler.ts'
import { retriesMultiply } from './rules/retries-multiply.ts'
import { roundRobinBlind } from './rules/round-robin-blind.ts'
import { roundRobinClusterIp } from './rules/round-robin-cluster-ip.ts'
import { routeHost } from './rules/route-host.ts'
import { routeIgnored } from './rules/route-ignored.ts'
import { selectorMismatch } from './rules/selector-mismatch.ts'
import { servicePortMissing } from './rules/service-port-missing.ts'
import { sidecarScope } from './rules/sidecar-scope.ts'
import { streamsExtreme } from './rules/streams-extreme.ts'
import { strictMtlsCaller } from './rules/strict-mtls-caller.ts'
import { subsetLabels } from './rules/subset-labels.ts'
import { subsetMissing } from './rules/subset-missing.ts'
import { targetPortMissing } from './rules/target-port-missing.ts'
import { tcpProbe } from './rules/tcp-probe.ts'
import { tlsDisabledStrict } from './rules/tls-disabled-strict.ts'
import { tlsToPlain } from './rules/tls-to-plain.ts'
import { virtualServiceHost } from './rules/virtual-service-host.ts'

/** Every rule on manifests, in the order in which they are documented. */
export const allRules: readonly ManifestRule[] = [
  clusterIpPins,
  roundRobinClusterIp,
  headlessPickFirst,
  roundRobinBlind,
  k8sTargetRights,
  clientIpAffinity,
  selectorMismatch,
  targetPortMissing,
  servicePortMissing,
  headlessPort,
  notReadyPublished,
  tcpProbe,
  grpcProbePort,
  drainExceedsGrace,
  replicasBesideAutoscaler,
  portProtocol,
  portHttp,
  portUndeclared,
  headlessMeshPolicy,
  injectionBlocked,
  strictMtlsCaller,
  tlsDisabledStrict,
  mtlsToPlain,
  tlsToPlain,
  passthroughPolicy,
  proxyBypassed,
  inboundBypassed,
  sidecarScope,
  registryOnly,
  jobSidecar,
  routeHost,
  subsetMissing,
  subsetLabels,
  routeIgnored,
  virtualServiceHost,
  destinationRuleHost,
  destinationRuleTwice,
  poolTooSmall,
  connectionPerCall,
  streamsExtreme,
  outlierInert,
  outlierBusinessErrors,
  retriesMultiply,
  leastConn,
  localityInert,
  injectAnnotation,
  gatewayMissing,
  referenceGrant,
  httpRouteGrpc,
  meshRouteNoProxy,
  ambientWaypoint,
  ambientPolicy,
  ingressGrpc,
  linkerdOpaque,
  linkerdHeadless,
  linkerdServiceProfile,
]
