import type { Manifest, Path } from '../manifests/manifest.ts'
import type { Model } from '../manifests/model.ts'

/** One thing that goes wrong with gRPC, how it is seen in manifests, and what mends it. One file a rule; its name is the id. */
export interface ManifestRule {
  readonly id: string
  /** What goes wrong, in a few words: the heading of its explanation. */
  readonly title: string
  /**
   * What a client sees on a cluster with the manifests of `examples/ID.yaml`, and what after the patch that `check` gives for
   * them; measured by test/cluster/manifest-rules. A rule without it is advice.
   */
  readonly proof?: Proof
  /** The mechanism: a paragraph or three of Markdown, for somebody who has never heard of it. */
  readonly why: string
  /** The ways to mend it, best first, and what each costs: Markdown. */
  readonly cure: string
  /** Where the mechanism is specified, documented or was fought with: addresses. */
  readonly sources: readonly string[]
  readonly check: (model: Model) => Iterable<Violation>
}

export interface Proof {
  readonly before: Measured
  readonly after: Measured
}

/**
 * `pinned`: one pod serves every call, `even`: all serve · `fails`: calls end otherwise than OK, `succeeds`: none does ·
 * `starved`: pods that came later get no call, `shared`: they do · `refused`: the API server does not take the manifests,
 * `accepted`: it does · `never-ends`: a Job's pod outlives its work, `ends`: it does not.
 */
export type Measured =
  | 'pinned'
  | 'even'
  | 'fails'
  | 'succeeds'
  | 'starved'
  | 'shared'
  | 'refused'
  | 'accepted'
  | 'never-ends'
  | 'ends'

/** One breach of a rule. */
export interface Violation {
  /** The object to change, or the one that is wrong, and the place in it. A path that is not there means what is around it. */
  readonly object: Manifest
  readonly path: Path
  /** Why it is wrong here, naming the things by their names: no full stop, it goes on with `; FIX.` */
  readonly reason: string
  /** What to do, in the imperative. */
  readonly fix: string
  /** Strategic merge patches, and whole objects to add, that mend it; none where only its author can know. */
  readonly patch?: readonly object[]
  /** Makes it advice where the rule has a proof, because the manifests alone cannot settle it. */
  readonly unsure?: boolean
}
