// Original file: evenly/echo/v1/echo.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { HelloRequest as _evenly_echo_v1_HelloRequest, HelloRequest__Output as _evenly_echo_v1_HelloRequest__Output } from '../../../evenly/echo/v1/HelloRequest.ts';
import type { HelloResponse as _evenly_echo_v1_HelloResponse, HelloResponse__Output as _evenly_echo_v1_HelloResponse__Output } from '../../../evenly/echo/v1/HelloResponse.ts';

/**
 * Answers with who served the call, so that a client can tally its calls per peer.
 */
export interface EchoClient extends grpc.Client {
  /**
   * One call, one answer.
   */
  Hello(argument: _evenly_echo_v1_HelloRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_evenly_echo_v1_HelloResponse__Output>): grpc.ClientUnaryCall;
  Hello(argument: _evenly_echo_v1_HelloRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_evenly_echo_v1_HelloResponse__Output>): grpc.ClientUnaryCall;
  Hello(argument: _evenly_echo_v1_HelloRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_evenly_echo_v1_HelloResponse__Output>): grpc.ClientUnaryCall;
  Hello(argument: _evenly_echo_v1_HelloRequest, callback: grpc.requestCallback<_evenly_echo_v1_HelloResponse__Output>): grpc.ClientUnaryCall;
  /**
   * One call, one answer.
   */
  hello(argument: _evenly_echo_v1_HelloRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_evenly_echo_v1_HelloResponse__Output>): grpc.ClientUnaryCall;
  hello(argument: _evenly_echo_v1_HelloRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_evenly_echo_v1_HelloResponse__Output>): grpc.ClientUnaryCall;
  hello(argument: _evenly_echo_v1_HelloRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_evenly_echo_v1_HelloResponse__Output>): grpc.ClientUnaryCall;
  hello(argument: _evenly_echo_v1_HelloRequest, callback: grpc.requestCallback<_evenly_echo_v1_HelloResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Answers every message as it comes. A stream stays on the peer it was opened on, whatever the balancing policy:
   * its messages are not balanced, only its opening is.
   */
  HelloStream(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_evenly_echo_v1_HelloRequest, _evenly_echo_v1_HelloResponse__Output>;
  HelloStream(options?: grpc.CallOptions): grpc.ClientDuplexStream<_evenly_echo_v1_HelloRequest, _evenly_echo_v1_HelloResponse__Output>;
  /**
   * Answers every message as it comes. A stream stays on the peer it was opened on, whatever the balancing policy:
   * its messages are not balanced, only its opening is.
   */
  helloStream(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_evenly_echo_v1_HelloRequest, _evenly_echo_v1_HelloResponse__Output>;
  helloStream(options?: grpc.CallOptions): grpc.ClientDuplexStream<_evenly_echo_v1_HelloRequest, _evenly_echo_v1_HelloResponse__Output>;
  
}

/**
 * Answers with who served the call, so that a client can tally its calls per peer.
 */
export interface EchoHandlers extends grpc.UntypedServiceImplementation {
  /**
   * One call, one answer.
   */
  Hello: grpc.handleUnaryCall<_evenly_echo_v1_HelloRequest__Output, _evenly_echo_v1_HelloResponse>;
  
  /**
   * Answers every message as it comes. A stream stays on the peer it was opened on, whatever the balancing policy:
   * its messages are not balanced, only its opening is.
   */
  HelloStream: grpc.handleBidiStreamingCall<_evenly_echo_v1_HelloRequest__Output, _evenly_echo_v1_HelloResponse>;
  
}

export interface EchoDefinition extends grpc.ServiceDefinition {
  Hello: MethodDefinition<_evenly_echo_v1_HelloRequest, _evenly_echo_v1_HelloResponse, _evenly_echo_v1_HelloRequest__Output, _evenly_echo_v1_HelloResponse__Output>
  HelloStream: MethodDefinition<_evenly_echo_v1_HelloRequest, _evenly_echo_v1_HelloResponse, _evenly_echo_v1_HelloRequest__Output, _evenly_echo_v1_HelloResponse__Output>
}
