type Raw = Record<string, unknown>;

const hash = /^[0-9a-f]{64}$/;
export const isHash = (value: unknown): value is string => typeof value === "string" && hash.test(value);

/** The list of releases: whether the draft is open. */
export interface ReleasesSearch {
  draft?: true;
}

export const releasesSearch = ({ draft }: Raw): ReleasesSearch => (draft === true ? { draft } : {});

/**
 * One release: as which number it came into force (absent = the last time), what is shown of it, and what it is compared with: absent = the
 * release before it, `force` = the one in force, else a release's hash.
 */
export interface ReleaseSearch {
  number?: number;
  show?: "content";
  against?: string;
}

export function releaseSearch({ number, show, against }: Raw): ReleaseSearch {
  const kept: ReleaseSearch = {};
  if (typeof number === "number" && Number.isInteger(number) && number > 0) kept.number = number;
  if (show === "content") kept.show = show;
  if (against === "force" || isHash(against)) kept.against = against;
  return kept;
}

/** The first digits of a release's hash, as people quote it. */
export const shortHash = (release: string) => release.slice(0, 12);
