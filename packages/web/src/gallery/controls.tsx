import { Plus, Search, Settings } from 'lucide-react';
import { useState } from 'react';
import { Button, type ButtonLook } from '../design/button.tsx';
import { CopyButton } from '../design/copy-button.tsx';
import { IconButton } from '../design/icon-button.tsx';
import { Segmented } from '../design/segmented.tsx';
import { Shortcut } from '../design/shortcut.tsx';
import { Switch } from '../design/switch.tsx';
import { Tabs } from '../design/tabs.tsx';
import { TextArea, TextField } from '../design/text-field.tsx';
import { showToast } from '../design/toast-store.ts';
import { announce } from '../design/live-region.tsx';

const looks: ButtonLook[] = ['primary', 'plain', 'quiet', 'danger'];

export function Controls() {
  const [on, setOn] = useState(true);
  const [choice, setChoice] = useState<'a' | 'b' | 'c'>('a');
  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-title">Controls</h2>
      {(['large', 'medium', 'small'] as const).map((size) => (
        <div key={size} className="flex flex-wrap gap-2">
          {looks.map((look) => (
            <Button key={look} look={look} size={size} icon={<Plus size={16} />}>
              {look}
            </Button>
          ))}
          <Button size={size} look="primary" busy="Saving">
            Saving
          </Button>
          <Button size={size} disabled>
            Disabled
          </Button>
        </div>
      ))}
      <div className="flex items-center gap-3">
        <IconButton label="Settings" icon={<Settings size={18} />} shortcut="Mod+," />
        <IconButton label="Here" icon={<Settings size={18} />} active />
        <Shortcut keys="Mod+K" />
        <span id="switch-name">Switch</span>
        <Switch checked={on} onChange={setOn} labelledBy="switch-name" />
        <Switch checked={!on} onChange={(next) => setOn(!next)} labelledBy="switch-name" />
        <CopyButton value="text" />
      </div>
      <Segmented
        label="Choice"
        value={choice}
        onChange={setChoice}
        options={[
          { value: 'a', label: 'System' },
          { value: 'b', label: 'Light' },
          { value: 'c', label: 'Dark' },
        ]}
      />
      <TextField label="Name" defaultValue="Ada" help="As others see you" />
      <TextField label="Search" hideLabel placeholder="Search" icon={<Search size={16} />} />
      <TextField label="Card" defaultValue="mesh://" error="This card is damaged or incomplete." />
      <TextArea label="Paste" rows={3} placeholder="mesh://add?p=…" />
      <Tabs
        label="Views"
        tabs={[
          { id: 'one', label: 'My card', content: <p>One</p> },
          { id: 'two', label: 'Add', content: <p>Two</p> },
        ]}
      />
      <div className="flex gap-2">
        <Button onClick={() => showToast({ text: 'Blocked Mallory', undo: () => announce('Unblocked') })}>
          Toast with undo
        </Button>
      </div>
    </section>
  );
}
