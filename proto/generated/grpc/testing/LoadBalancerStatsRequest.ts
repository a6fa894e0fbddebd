// Original file: grpc/testing/load_balancer_stats.proto


export interface LoadBalancerStatsRequest {
  /**
   * How many calls to count.
   */
  'numRpcs'?: (number);
  /**
   * What has ended by then is the answer, when not all calls have.
   */
  'timeoutSec'?: (number);
  /**
   * Headers and trailers to return for each call, whatever their case; * stands for all.
   */
  'metadataKeys'?: (string)[];
}

export interface LoadBalancerStatsRequest__Output {
  /**
   * How many calls to count.
   */
  'numRpcs': (number);
  /**
   * What has ended by then is the answer, when not all calls have.
   */
  'timeoutSec': (number);
  /**
   * Headers and trailers to return for each call, whatever their case; * stands for all.
   */
  'metadataKeys': (string)[];
}
