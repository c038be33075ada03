import { EndpointLanes } from './endpoint-lanes.js';

describe('the lanes of an endpoint', () => {
  it('are as many as it is given, and others have their own', () => {
    const lanes = new EndpointLanes();
    expect(['a', 'a', 'a', 'b'].map((id) => lanes.enter(id, 2))).toEqual([true, true, false, true]);
  });

  it('are free again once left', () => {
    const lanes = new EndpointLanes();
    lanes.enter('a', 1);
    expect(lanes.leave('a', true)).toBe(true);
    expect(lanes.enter('a', 1)).toBe(true);
  });

  it('are not left by who found nothing, while somebody knocked in between', () => {
    const lanes = new EndpointLanes();
    lanes.enter('a', 1);
    lanes.enter('a', 1);
    expect([lanes.leave('a', true), lanes.leave('a', true)]).toEqual([false, true]);
  });

  it('are left at once by who must go, whoever knocked', () => {
    const lanes = new EndpointLanes();
    lanes.enter('a', 1);
    lanes.enter('a', 1);
    expect(lanes.leave('a', false)).toBe(true);
  });
});
