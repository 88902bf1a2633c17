/** Whether the system tells of new messages, how much it shows, and a sound. */
import { useState } from 'react';
import { Button } from '../design/button.tsx';
import { useChangeSettings, useSettings } from '../data/settings.ts';
import { chime } from '../notify/chime.ts';
import { useTexts } from '../i18n/texts.ts';
import { ChoiceRow, Row, Rows, SwitchRow } from './rows.tsx';

type Permission = 'granted' | 'denied' | 'default' | 'missing';

function present(): Permission {
  return 'Notification' in window ? Notification.permission : 'missing';
}

export function NotificationsSection() {
  const { t } = useTexts();
  const settings = useSettings();
  const changeSettings = useChangeSettings();
  const [permission, setPermission] = useState(present);
  const { notifications, notificationContent, notificationSound, hasPin } = settings;

  async function switchOn(on: boolean): Promise<void> {
    changeSettings({ notifications: on });
    if (on && present() === 'default') setPermission(await Notification.requestPermission());
  }

  return (
    <>
      <Rows>
        <SwitchRow
          name={t('notifications.on')}
          text={t('notifications.on.text')}
          checked={notifications}
          onChange={(on) => void switchOn(on)}
        />
        {notifications && permission !== 'granted' && (
          <Row name={t(`notifications.${permission}`)} text={t(`notifications.${permission}.text`)}>
            {permission === 'default' && (
              <Button size="small" look="primary" onClick={() => void switchOn(true)}>
                {t('notifications.allow')}
              </Button>
            )}
          </Row>
        )}
      </Rows>
      <Rows>
        <ChoiceRow
          label={t('notifications.content')}
          text={hasPin ? t('notifications.content.locked') : undefined}
          value={notificationContent}
          disabled={!notifications}
          onChange={(content) => changeSettings({ notificationContent: content })}
          options={[
            { value: 'full', label: t('notifications.content.full') },
            { value: 'name', label: t('notifications.content.name') },
            { value: 'none', label: t('notifications.content.none') },
          ]}
        />
        <SwitchRow
          name={t('notifications.sound')}
          checked={notificationSound}
          disabled={!notifications}
          onChange={(on) => {
            changeSettings({ notificationSound: on });
            if (on) chime();
          }}
        />
      </Rows>
    </>
  );
}
