import { checkTeamName } from './teams.service.js';

describe('the name of a team', () => {
  it.each(['a', 'radio', 'team-9', 'a'.repeat(40), 'default'])('may be %s', (name) => {
    expect(() => checkTeamName(name)).not.toThrow();
  });

  it.each(['', ' ', 'Radio', '9th', '-a', 'a-', 'a.b', 'a b', 'a\n', 'é', 'a'.repeat(41), 'a\0'])(
    'may not be %j',
    (name) => {
      expect(() => checkTeamName(name)).toThrow('must be 1 to 40 lower-case letters, digits and hyphens');
    },
  );

  it('may not be what stands for all teams in lists', () => {
    expect(() => checkTeamName('all')).toThrow('"all" means every team in lists');
  });
});
