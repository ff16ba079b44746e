/** Answers each question once. @param keyOf what tells questions apart; by default a question is itself */
export function remembered<Question, Answer>(
  ask: (question: Question) => Answer,
  keyOf: (question: Question) => unknown = question => question,
): (question: Question) => Answer {
  const answers = new Map<unknown, Answer>();
  return question => {
    const key = keyOf(question);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(question);
    answers.set(key, answer);
    return answer;
  };
}
