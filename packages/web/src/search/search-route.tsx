/** The page of the search: what is searched for stands in the address, so that going back leads to the same results. */
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { SearchPage } from './search-page.tsx';
import { noWish, type SearchWish } from './search-query.ts';

export function SearchRoute() {
  const navigate = useNavigate();
  const router = useRouter();
  const asked: { in?: string; words?: string } = useSearch({ strict: false });
  const [wish, setWish] = useState<SearchWish>(() => ({
    ...noWish,
    words: asked.words ?? '',
    conversation: asked.in ?? null,
  }));

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
      onOpen={({ conversation, id }) =>
        void navigate({ to: '/c/$conversation', params: { conversation }, hash: id })
      }
      onClose={() => {
        if (router.history.canGoBack()) router.history.back();
        else void navigate({ to: '/' });
      }}
    />
  );
}
