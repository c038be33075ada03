import { FilesSpace } from './files-space.js';

const spaceOf = (quota: number) =>
  new FilesSpace({ FILES_DIR: '', FILES_MAX_BYTES: 1, FILES_QUOTA_BYTES: quota, FILES_TTL: 1 });

describe('The room for files', () => {
  it('is taken when the length is known, by what has come when not, and given back', () => {
    const space = spaceOf(100);
    const one = space.take('one', 60);
    expect(() => space.take('more', 41)).toThrow(/no room/);
    const two = space.take('two', 0);
    two.reached(40);
    expect(space.taken).toBe(100);
    expect(() => two.reached(41)).toThrow(/no room/);
    two.release();
    expect([space.isUnderway('one'), space.isUnderway('two')]).toEqual([true, false]);
    one.reached(10);
    expect(space.taken).toBe(60);
    one.kept();
    one.release();
    expect(space.taken).toBe(60);
    space.freed(60);
    expect(space.taken).toBe(0);
  });

  it('counts what others keep and what lies about', async () => {
    const space = spaceOf(100);
    await space.refresh(() => Promise.resolve(70));
    space.strayBytes(20);
    expect(() => space.take('more', 11)).toThrow(/no room/);
    space.take('last', 10).kept();
    expect(space.taken).toBe(100);
  });

  it('does not believe an answer that is older than a change of its own', async () => {
    const space = spaceOf(100);
    const room = space.take('one', 50);
    await space.refresh(() => {
      room.kept();
      return Promise.resolve(0);
    });
    expect(space.taken).toBe(50);
  });
});
