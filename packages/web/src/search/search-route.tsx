/** The page of the search: what is searched for stands in the address, so that going back leads to the same results. */
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { SearchPage } from './search-page.tsx';
import { leaveSearch, searchPlaceOf } from './search-place.ts';
import { noWish, type SearchWish } from './search-query.ts';

export function SearchRoute() {
  const navigate = useNavigate();
  const router = useRouter();
  const asked: { in?: string; words?: string } = useSearch({ strict: false });
  const [place] = useState(() => searchPlaceOf(entryOf(router)));
  const [wish, setWish] = useState<SearchWish>(
    () => place?.wish ?? { ...noWish, words: asked.words ?? '', conversation: asked.in ?? null },
  );

  function change(next: SearchWish): void {
    setWish(next);
    void navigate({
      to: '/search',
      search:
        next.conversation === null ? { words: next.words } : { words: next.words, in: next.conversation },
      replace: true,
    });
  }

  return (
    <SearchPage
      wish={wish}
      onWish={change}
      place={place}
      onOpen={({ conversation, id }, first) => {
        leaveSearch(entryOf(router), { wish, opened: id, ...first });
        void navigate({ to: '/c/$conversation', params: { conversation }, hash: id });
      }}
      onClose={() => {
        if (router.history.canGoBack()) router.history.back();
        else void navigate({ to: '/' });
      }}
    />
  );
}

function entryOf({ history }: ReturnType<typeof useRouter>): string | undefined {
  return history.location.state.__TSR_key;
}
