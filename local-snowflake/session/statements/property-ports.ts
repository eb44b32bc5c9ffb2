import type { PropertyPorts } from '../../objects/property-grammar.ts';
import { parseName } from '../../sql/identifier.ts';
import type { Statement } from '../statement.ts';

/** References in properties are looked up with the statement's own privileges. */
export function propertyPorts(statement: Statement): PropertyPorts {
  const { scope } = statement;
  return {
    reference: (kind, stream, privilege) => {
      const name = stream.peek().kind === 'string' ? parseName(stream.string()) : stream.name();
      return scope.find(kind, name, ...(privilege === undefined ? [] : [privilege])).id;
    },
    relation: (stream, privilege) => {
      const name = stream.peek().kind === 'string' ? parseName(stream.string()) : stream.name();
      const kind = ['VIEW', 'DYNAMIC TABLE'].find((each) => scope.tryFind(each, name) !== undefined) ?? 'TABLE';
      return scope.find(kind, name, privilege).id;
    },
    encipher: (secret) => scope.effects.vault.encipher(secret),
  };
}
