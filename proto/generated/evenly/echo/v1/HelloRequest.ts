// Original file: evenly/echo/v1/echo.proto

import type { Behaviour as _evenly_echo_v1_Behaviour, Behaviour__Output as _evenly_echo_v1_Behaviour__Output } from '../../../evenly/echo/v1/Behaviour.ts';
import type { Long } from '@grpc/proto-loader';

export interface HelloRequest {
  /**
   * Who calls; the server tallies its callers by it.
   */
  'clientId'?: (string);
  /**
   * The caller's running number of this call.
   */
  'counter'?: (number | string | Long);
  'message'?: (string);
  /**
   * What the server shall do besides echoing, for tests. Absent: nothing.
   */
  'behaviour'?: (_evenly_echo_v1_Behaviour | null);
}

export interface HelloRequest__Output {
  /**
   * Who calls; the server tallies its callers by it.
   */
  'clientId': (string);
  /**
   * The caller's running number of this call.
   */
  'counter': (number);
  'message': (string);
  /**
   * What the server shall do besides echoing, for tests. Absent: nothing.
   */
  'behaviour': (_evenly_echo_v1_Behaviour__Output | null);
}
