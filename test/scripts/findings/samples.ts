import type { JudgedFinding } from '../../../scripts/lib/findings/apply-ignores.ts'

/** A finding with all that a test does not say. */
export const findingOf = (told: Partial<JudgedFinding> = {}): JudgedFinding => ({
  file: 'values.yaml',
  line: 3,
  column: 3,
  sourceLine: '  tag: 1.1',
  rule: 'wrong-type',
  severity: 'error',
  path: 'image.tag',
  message: '1.1 is a fraction, and text is wanted; write "1.1".',
  ...told,
})

/** What every output has to survive: names that are markup, and signs that terminals obey. */
export const hostileText = '<b onclick="x">&\'\u001b[31m\u0007\u202e\ud800 ]]> 名前'

/** Three servers behind a ClusterIP, called by a Job: it breaks cluster-ip-pins at the argument of the Job. */
export const pinned = `apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec:
  selector: {app: orders}
  ports:
    - {name: grpc, port: 8080}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
      containers:
        - name: orders
          image: orders:1
          ports: [{name: grpc, containerPort: 8080}]
          readinessProbe: {grpc: {port: 8080}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: caller, namespace: shop}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: caller
          image: ghcr.io/evenly-grpc/evenly-echo:0.2.0
          args: [-h, "orders:8080"]
`
