import { BaseSequencer, type TestSpecification } from 'vitest/node'

const longest = '/manifest-rules.test.ts'

/**
 * Begins a group of files that run side by side with the one that takes longest, so that it is not alone in the end. vitest knows
 * how long files took, but not in a clean checkout: there it goes by their size, by which this one would be among the last.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => groupOf(a) - groupOf(b) || rank(a) - rank(b))
  }
}

const groupOf = ({ project }: TestSpecification): number => project.config.sequence.groupOrder

const rank = ({ moduleId }: TestSpecification): number => (moduleId.endsWith(longest) ? 0 : 1)
