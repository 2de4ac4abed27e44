/** What the browser grants: asked in a way that always ends. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { originStorage, persistOrigin } from '../../src/client/origin-storage.js';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const withStorage = (storage: object | undefined) => vi.stubGlobal('navigator', { storage });

describe('what an origin has', () => {
  test('is what the browser says', async () => {
    withStorage({
      persisted: async () => true,
      estimate: async () => ({ usage: 12, quota: 1000 }),
    });
    expect(await originStorage()).toEqual({ persisted: true, usage: 12, quota: 1000 });
  });

  test.each([
    ['there is no navigator.storage', undefined],
    ['it cannot be asked', {}],
    [
      'it refuses',
      {
        persisted: async () => Promise.reject(new TypeError('no')),
        estimate: () => {
          throw new TypeError('not here');
        },
      },
    ],
    ['it knows half of it', { estimate: async () => ({}) }],
  ])('is null where %s', async (_, storage) => {
    withStorage(storage);
    expect(await originStorage()).toEqual({ persisted: null, usage: null, quota: null });
  });

  test('is null where no answer comes', async () => {
    vi.useFakeTimers();
    withStorage({ persisted: () => new Promise(() => undefined), estimate: async () => ({}) });
    const asked = originStorage();
    await vi.advanceTimersByTimeAsync(2000);
    expect(await asked).toEqual({ persisted: null, usage: null, quota: null });
  });
});

describe('asking the browser to delete nothing', () => {
  test.each([true, false])('gives its answer: %s', async (granted) => {
    withStorage({ persist: async () => granted });
    expect(await persistOrigin()).toBe(granted);
  });

  test('is a no where it cannot be asked, or nobody answers in time', async () => {
    withStorage({});
    expect(await persistOrigin()).toBe(false);
    vi.useFakeTimers();
    withStorage({ persist: () => new Promise(() => undefined) });
    const asked = persistOrigin(500);
    await vi.advanceTimersByTimeAsync(500);
    expect(await asked).toBe(false);
  });
});
