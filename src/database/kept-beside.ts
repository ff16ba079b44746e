/**
 * One value for each connected database, made when it is first asked for: what a room keeps between transactions. It goes
 * when the database does.
 */
export function keptBeside<T>(make: () => T): (database: object) => T {
  const kept = new WeakMap<object, { readonly value: T }>();
  return database => {
    const known = kept.get(database) ?? { value: make() };
    kept.set(database, known);
    return known.value;
  };
}
