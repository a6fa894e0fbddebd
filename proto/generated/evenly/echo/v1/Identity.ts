// Original file: evenly/echo/v1/echo.proto


/**
 * Also sent as initial metadata: x-evenly-pod, x-evenly-ip, x-evenly-node, x-evenly-zone, x-evenly-version, and the pod
 * once more as `hostname`, where gRPC's own interop tests look for it.
 */
export interface Identity {
  'pod'?: (string);
  'ip'?: (string);
  'node'?: (string);
  'zone'?: (string);
  'version'?: (string);
}

/**
 * Also sent as initial metadata: x-evenly-pod, x-evenly-ip, x-evenly-node, x-evenly-zone, x-evenly-version, and the pod
 * once more as `hostname`, where gRPC's own interop tests look for it.
 */
export interface Identity__Output {
  'pod': (string);
  'ip': (string);
  'node': (string);
  'zone': (string);
  'version': (string);
}
