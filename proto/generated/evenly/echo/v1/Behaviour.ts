// Original file: evenly/echo/v1/echo.proto


export interface Behaviour {
  /**
   * Wait this long before the answer; at most 60,000.
   */
  'delayMilliseconds'?: (number);
  /**
   * Answer with this gRPC status instead of OK (0 to 16).
   */
  'statusCode'?: (number);
  /**
   * Text of that status.
   */
  'statusMessage'?: (string);
  /**
   * Size of the answer's payload; at most 1 MiB.
   */
  'payloadBytes'?: (number);
  /**
   * Only on the pod of this name, which lets one pod alone be slow or fail; the others just echo. Empty: on any.
   */
  'onlyPod'?: (string);
  /**
   * Say in the answer where the call came from.
   */
  'tellCaller'?: (boolean);
}

export interface Behaviour__Output {
  /**
   * Wait this long before the answer; at most 60,000.
   */
  'delayMilliseconds': (number);
  /**
   * Answer with this gRPC status instead of OK (0 to 16).
   */
  'statusCode': (number);
  /**
   * Text of that status.
   */
  'statusMessage': (string);
  /**
   * Size of the answer's payload; at most 1 MiB.
   */
  'payloadBytes': (number);
  /**
   * Only on the pod of this name, which lets one pod alone be slow or fail; the others just echo. Empty: on any.
   */
  'onlyPod': (string);
  /**
   * Say in the answer where the call came from.
   */
  'tellCaller': (boolean);
}
