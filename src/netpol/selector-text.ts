import { type Requirement, type Selector, SelectorOperator } from './labels.js';

/** As kubectl writes selectors: `app=web,tier in (a,b),!legacy`. */
export const selectorText = ({ requirements }: Selector): string =>
  requirements.map(requirementText).sort().join(',');

const requirementText = ({ key, operator, values }: Requirement): string => {
  switch (operator) {
    case SelectorOperator.IN:
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(',')})`;
    case SelectorOperator.NOT_IN:
      return `${key} notin (${values.join(',')})`;
    case SelectorOperator.EXISTS:
      return key;
    case SelectorOperator.DOES_NOT_EXIST:
      return `!${key}`;
  }
};
