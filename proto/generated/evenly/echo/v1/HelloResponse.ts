// Original file: evenly/echo/v1/echo.proto

import type { Identity as _evenly_echo_v1_Identity, Identity__Output as _evenly_echo_v1_Identity__Output } from '../../../evenly/echo/v1/Identity.ts';
import type { Long } from '@grpc/proto-loader';

export interface HelloResponse {
  /**
   * The request's message behind the server's prefix.
   */
  'message'?: (string);
  /**
   * The request's counter.
   */
  'counter'?: (number | string | Long);
  /**
   * Who served: the truth behind any proxy, where a socket address names the proxy.
   */
  'server'?: (_evenly_echo_v1_Identity | null);
  /**
   * As many zero bytes as the request asked for.
   */
  'payload'?: (Buffer | Uint8Array | string);
  /**
   * With tell_caller: where the call came from as the server's socket has it, which behind a proxy is the proxy.
   */
  'callerAddress'?: (string);
}

export interface HelloResponse__Output {
  /**
   * The request's message behind the server's prefix.
   */
  'message': (string);
  /**
   * The request's counter.
   */
  'counter': (number);
  /**
   * Who served: the truth behind any proxy, where a socket address names the proxy.
   */
  'server': (_evenly_echo_v1_Identity__Output | null);
  /**
   * As many zero bytes as the request asked for.
   */
  'payload': (Buffer);
  /**
   * With tell_caller: where the call came from as the server's socket has it, which behind a proxy is the proxy.
   */
  'callerAddress': (string);
}
