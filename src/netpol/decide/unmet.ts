import { selects } from '../compile/select.js';
import { type Labels, type Requirement, shownValue } from '../labels.js';

/** The requirements that labels do not meet. */
export const unmet = (
  requirements: readonly Requirement[],
  labels: Labels,
): readonly Requirement[] =>
  requirements.filter(requirement => !selects({ requirements: [requirement] }, labels));

/** What the labels have in the place of what is asked: "`app=db` and no label `tier`". */
export const unmetText = (missed: readonly Requirement[], labels: Labels): string =>
  missed
    .map(({ key }) =>
      Object.hasOwn(labels, key)
        ? `\`${key}=${shownValue(labels[key] ?? '')}\``
        : `no label \`${key}\``,
    )
    .join(' and ');
