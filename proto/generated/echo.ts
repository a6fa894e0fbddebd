import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Behaviour as _evenly_echo_v1_Behaviour, Behaviour__Output as _evenly_echo_v1_Behaviour__Output } from './evenly/echo/v1/Behaviour.ts';
import type { EchoClient as _evenly_echo_v1_EchoClient, EchoDefinition as _evenly_echo_v1_EchoDefinition } from './evenly/echo/v1/Echo.ts';
import type { HelloRequest as _evenly_echo_v1_HelloRequest, HelloRequest__Output as _evenly_echo_v1_HelloRequest__Output } from './evenly/echo/v1/HelloRequest.ts';
import type { HelloResponse as _evenly_echo_v1_HelloResponse, HelloResponse__Output as _evenly_echo_v1_HelloResponse__Output } from './evenly/echo/v1/HelloResponse.ts';
import type { Identity as _evenly_echo_v1_Identity, Identity__Output as _evenly_echo_v1_Identity__Output } from './evenly/echo/v1/Identity.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  evenly: {
    echo: {
      v1: {
        Behaviour: MessageTypeDefinition<_evenly_echo_v1_Behaviour, _evenly_echo_v1_Behaviour__Output>
        /**
         * Answers with who served the call, so that a client can tally its calls per peer.
         */
        Echo: SubtypeConstructor<typeof grpc.Client, _evenly_echo_v1_EchoClient> & { service: _evenly_echo_v1_EchoDefinition }
        HelloRequest: MessageTypeDefinition<_evenly_echo_v1_HelloRequest, _evenly_echo_v1_HelloRequest__Output>
        HelloResponse: MessageTypeDefinition<_evenly_echo_v1_HelloResponse, _evenly_echo_v1_HelloResponse__Output>
        Identity: MessageTypeDefinition<_evenly_echo_v1_Identity, _evenly_echo_v1_Identity__Output>
      }
    }
  }
}

