<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About StemDesk</source>
        <translation>Über StemDesk</translation>
    </message>
    <message>
        <source>What StemDesk is built on</source>
        <translation>Worauf StemDesk aufbaut</translation>
    </message>
    <message>
        <source>Built on</source>
        <translation>Aufgebaut auf</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Dieser Rechner</translation>
    </message>
    <message>
        <source>Takes a finished mix apart into stems, and proves that they sum to it.</source>
        <translation>Zerlegt einen fertigen Mix in Stems und beweist, dass sie ihn wieder ergeben.</translation>
    </message>
    <message>
        <source>Free software under the GNU General Public License, version 3 or later. It comes without any warranty.</source>
        <translation>Freie Software unter der GNU General Public License, Version 3 oder neuer. Ohne jede Gewährleistung.</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Libraries</source>
        <translation>Bibliotheken</translation>
    </message>
    <message>
        <source>Trained on the work of</source>
        <translation>Trainiert mit Werken von</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy for a report</source>
        <translation>Für einen Fehlerbericht kopieren</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Playback</source>
        <translation>Wiedergabe</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Song</source>
        <translation>Song</translation>
    </message>
    <message>
        <source>Mix</source>
        <translation>Mix</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Neues Projekt</translation>
    </message>
    <message>
        <source>Begin with an empty project.</source>
        <translation>Mit einem leeren Projekt beginnen.</translation>
    </message>
    <message>
        <source>Open songs…</source>
        <translation>Songs öffnen…</translation>
    </message>
    <message>
        <source>Add audio files to the project.</source>
        <translation>Audiodateien ins Projekt aufnehmen.</translation>
    </message>
    <message>
        <source>Open project…</source>
        <translation>Projekt öffnen…</translation>
    </message>
    <message>
        <source>Open a project folder.</source>
        <translation>Einen Projektordner öffnen.</translation>
    </message>
    <message>
        <source>Save project</source>
        <translation>Projekt speichern</translation>
    </message>
    <message>
        <source>Save the project with its songs and stems.</source>
        <translation>Das Projekt mit seinen Songs und Stems speichern.</translation>
    </message>
    <message>
        <source>Save project as…</source>
        <translation>Projekt speichern unter…</translation>
    </message>
    <message>
        <source>Save the project in another folder.</source>
        <translation>Das Projekt in einem anderen Ordner speichern.</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Write the mix or the stems into files.</source>
        <translation>Den Mix oder die Stems in Dateien schreiben.</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <source>Device, model, folders, theme and language.</source>
        <translation>Gerät, Modell, Ordner, Erscheinungsbild und Sprache.</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Close StemDesk; work in hand is kept.</source>
        <translation>StemDesk schließen; Angefangenes bleibt erhalten.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Take back the last change.</source>
        <translation>Die letzte Änderung zurücknehmen.</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Make the change again.</source>
        <translation>Die Änderung erneut ausführen.</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alles auswählen</translation>
    </message>
    <message>
        <source>Select the whole song.</source>
        <translation>Den ganzen Song auswählen.</translation>
    </message>
    <message>
        <source>Select nothing</source>
        <translation>Auswahl aufheben</translation>
    </message>
    <message>
        <source>Drop the selection.</source>
        <translation>Die Auswahl aufheben.</translation>
    </message>
    <message>
        <source>Mute selection in lane</source>
        <translation>Auswahl in der Spur stummschalten</translation>
    </message>
    <message>
        <source>Silence the selected stretch of the focused stem.</source>
        <translation>Den ausgewählten Abschnitt des aktiven Stems stummschalten.</translation>
    </message>
    <message>
        <source>Gain of selection…</source>
        <translation>Verstärkung der Auswahl…</translation>
    </message>
    <message>
        <source>Raise or lower the selected stretch of the focused stem.</source>
        <translation>Den ausgewählten Abschnitt des aktiven Stems anheben oder absenken.</translation>
    </message>
    <message>
        <source>Reset selection in lane</source>
        <translation>Auswahl in der Spur zurücksetzen</translation>
    </message>
    <message>
        <source>Let the selected stretch sound as it was.</source>
        <translation>Den ausgewählten Abschnitt klingen lassen, wie er war.</translation>
    </message>
    <message>
        <source>Snap to beats</source>
        <translation>An Zählzeiten einrasten</translation>
    </message>
    <message>
        <source>Let selections and markers fall on beats.</source>
        <translation>Auswahl und Marker auf Zählzeiten legen.</translation>
    </message>
    <message>
        <source>Separate</source>
        <translation>Trennen</translation>
    </message>
    <message>
        <source>Take the song apart into stems.</source>
        <translation>Den Song in Stems zerlegen.</translation>
    </message>
    <message>
        <source>Separate with options…</source>
        <translation>Trennen mit Optionen…</translation>
    </message>
    <message>
        <source>Let the model learn from the song first, or a stem take more of it.</source>
        <translation>Das Modell zuerst vom Song lernen lassen, oder einen Stem mehr davon nehmen.</translation>
    </message>
    <message>
        <source>Separate all songs</source>
        <translation>Alle Songs trennen</translation>
    </message>
    <message>
        <source>Queue every song that has no stems yet.</source>
        <translation>Alle Songs ohne Stems in die Warteschlange stellen.</translation>
    </message>
    <message>
        <source>Next song</source>
        <translation>Nächster Song</translation>
    </message>
    <message>
        <source>Show the next song of the project.</source>
        <translation>Den nächsten Song des Projekts zeigen.</translation>
    </message>
    <message>
        <source>Previous song</source>
        <translation>Voriger Song</translation>
    </message>
    <message>
        <source>Show the song before.</source>
        <translation>Den Song davor zeigen.</translation>
    </message>
    <message>
        <source>Rename song…</source>
        <translation>Song umbenennen…</translation>
    </message>
    <message>
        <source>Give the song another name.</source>
        <translation>Dem Song einen anderen Namen geben.</translation>
    </message>
    <message>
        <source>Move song forward</source>
        <translation>Song nach vorn</translation>
    </message>
    <message>
        <source>One place nearer to the beginning of the list.</source>
        <translation>Einen Platz näher an den Anfang der Liste.</translation>
    </message>
    <message>
        <source>Move song back</source>
        <translation>Song nach hinten</translation>
    </message>
    <message>
        <source>One place nearer to the end of the list.</source>
        <translation>Einen Platz näher an das Ende der Liste.</translation>
    </message>
    <message>
        <source>Remove song</source>
        <translation>Song entfernen</translation>
    </message>
    <message>
        <source>Take the song out of the project; its file stays.</source>
        <translation>Den Song aus dem Projekt nehmen; seine Datei bleibt.</translation>
    </message>
    <message>
        <source>Find missing files…</source>
        <translation>Fehlende Dateien suchen…</translation>
    </message>
    <message>
        <source>Look in a folder for songs and stems that are not where they were.</source>
        <translation>In einem Ordner nach Songs und Stems suchen, die nicht mehr an ihrem Platz sind.</translation>
    </message>
    <message>
        <source>Tap tempo</source>
        <translation>Tempo tippen</translation>
    </message>
    <message>
        <source>Press on the beat, four times or more.</source>
        <translation>Im Takt drücken, mindestens viermal.</translation>
    </message>
    <message>
        <source>Find tempo</source>
        <translation>Tempo ermitteln</translation>
    </message>
    <message>
        <source>Listen for the song&apos;s tempo and first beat.</source>
        <translation>Tempo und ersten Schlag des Songs heraushören.</translation>
    </message>
    <message>
        <source>Play or stop</source>
        <translation>Wiedergabe oder Stopp</translation>
    </message>
    <message>
        <source>Play from where playback began, or stop there.</source>
        <translation>Wiedergeben; beim Stoppen zum Startpunkt zurückkehren.</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation>Wiedergabe oder Pause</translation>
    </message>
    <message>
        <source>Play, or stay where you are.</source>
        <translation>Wiedergeben oder an der Stelle anhalten.</translation>
    </message>
    <message>
        <source>To the beginning</source>
        <translation>Zum Anfang</translation>
    </message>
    <message>
        <source>Go to the beginning of the song.</source>
        <translation>Zum Anfang des Songs springen.</translation>
    </message>
    <message>
        <source>To the end</source>
        <translation>Zum Ende</translation>
    </message>
    <message>
        <source>Go to the end of the song.</source>
        <translation>Zum Ende des Songs springen.</translation>
    </message>
    <message>
        <source>Back 5 s</source>
        <translation>5 s zurück</translation>
    </message>
    <message>
        <source>Go back by five seconds.</source>
        <translation>Fünf Sekunden zurückspringen.</translation>
    </message>
    <message>
        <source>Forward 5 s</source>
        <translation>5 s vor</translation>
    </message>
    <message>
        <source>Go on by five seconds.</source>
        <translation>Fünf Sekunden vorspringen.</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>Loop</translation>
    </message>
    <message>
        <source>Repeat the loop, or the selection.</source>
        <translation>Den Loop oder die Auswahl wiederholen.</translation>
    </message>
    <message>
        <source>Remove loop</source>
        <translation>Loop entfernen</translation>
    </message>
    <message>
        <source>Repeat nothing; the loop goes from the ruler.</source>
        <translation>Nichts mehr wiederholen; der Loop verschwindet vom Lineal.</translation>
    </message>
    <message>
        <source>Hear the original</source>
        <translation>Original hören</translation>
    </message>
    <message>
        <source>Compare with the song as it was, equally loud.</source>
        <translation>Mit dem ursprünglichen Song vergleichen, gleich laut.</translation>
    </message>
    <message>
        <source>Write automation</source>
        <translation>Automation schreiben</translation>
    </message>
    <message>
        <source>While playing, what faders do becomes automation.</source>
        <translation>Während der Wiedergabe werden Faderbewegungen zu Automation.</translation>
    </message>
    <message>
        <source>Add marker</source>
        <translation>Marker setzen</translation>
    </message>
    <message>
        <source>Put a marker at the playhead.</source>
        <translation>Einen Marker an der Abspielposition setzen.</translation>
    </message>
    <message>
        <source>Next marker</source>
        <translation>Nächster Marker</translation>
    </message>
    <message>
        <source>Go to the next marker.</source>
        <translation>Zum nächsten Marker springen.</translation>
    </message>
    <message>
        <source>Previous marker</source>
        <translation>Voriger Marker</translation>
    </message>
    <message>
        <source>Go to the marker before.</source>
        <translation>Zum Marker davor springen.</translation>
    </message>
    <message>
        <source>Bypass all effects</source>
        <translation>Alle Effekte umgehen</translation>
    </message>
    <message>
        <source>Hear the mix without any effect.</source>
        <translation>Den Mix ohne Effekte hören.</translation>
    </message>
    <message>
        <source>Reset the mix</source>
        <translation>Mix zurücksetzen</translation>
    </message>
    <message>
        <source>All faders to 0 dB, no effects, no automation.</source>
        <translation>Alle Fader auf 0 dB, keine Effekte, keine Automation.</translation>
    </message>
    <message>
        <source>Mute vocals</source>
        <translation>Gesang stummschalten</translation>
    </message>
    <message>
        <source>Sing yourself: silence the vocals, or let them in again.</source>
        <translation>Zum Selbersingen: den Gesang stummschalten oder wieder einblenden.</translation>
    </message>
    <message>
        <source>Clear solo and mute</source>
        <translation>Solo und Stumm aufheben</translation>
    </message>
    <message>
        <source>No strip is soloed or muted.</source>
        <translation>Kein Kanalzug ist solo oder stumm.</translation>
    </message>
    <message>
        <source>Apply mix recipe…</source>
        <translation>Mix-Rezept anwenden…</translation>
    </message>
    <message>
        <source>Take levels and effects from a recipe file.</source>
        <translation>Pegel und Effekte aus einer Rezeptdatei übernehmen.</translation>
    </message>
    <message>
        <source>Save mix recipe…</source>
        <translation>Mix-Rezept speichern…</translation>
    </message>
    <message>
        <source>Keep levels and effects for other songs.</source>
        <translation>Pegel und Effekte für andere Songs aufheben.</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>See less of the song, more closely.</source>
        <translation>Weniger vom Song zeigen, dafür genauer.</translation>
    </message>
    <message>
        <source>Normal zoom</source>
        <translation>Normale Größe</translation>
    </message>
    <message>
        <source>100 pixels a second.</source>
        <translation>100 Pixel je Sekunde.</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>See more of the song.</source>
        <translation>Mehr vom Song zeigen.</translation>
    </message>
    <message>
        <source>Fit selection</source>
        <translation>Auswahl einpassen</translation>
    </message>
    <message>
        <source>The selection fills the window.</source>
        <translation>Die Auswahl füllt das Fenster.</translation>
    </message>
    <message>
        <source>Fit song</source>
        <translation>Song einpassen</translation>
    </message>
    <message>
        <source>The whole song fills the window.</source>
        <translation>Der ganze Song füllt das Fenster.</translation>
    </message>
    <message>
        <source>Follow playhead</source>
        <translation>Abspielposition folgen</translation>
    </message>
    <message>
        <source>Keep what sounds in view.</source>
        <translation>Im Blick behalten, was gerade klingt.</translation>
    </message>
    <message>
        <source>Spectrogram</source>
        <translation>Spektrogramm</translation>
    </message>
    <message>
        <source>Show lanes as spectrograms.</source>
        <translation>Spuren als Spektrogramme zeigen.</translation>
    </message>
    <message>
        <source>Automation lanes</source>
        <translation>Automationsspuren</translation>
    </message>
    <message>
        <source>Fold automation out under each stem.</source>
        <translation>Die Automation unter jedem Stem ausklappen.</translation>
    </message>
    <message>
        <source>Sum lane</source>
        <translation>Summenspur</translation>
    </message>
    <message>
        <source>Show what the stems add up to.</source>
        <translation>Zeigen, was die Stems zusammen ergeben.</translation>
    </message>
    <message>
        <source>Residual lane</source>
        <translation>Differenzspur</translation>
    </message>
    <message>
        <source>Show what the stems lack of the song, 60 dB louder.</source>
        <translation>Zeigen, was den Stems zum Song fehlt, um 60 dB verstärkt.</translation>
    </message>
    <message>
        <source>Mixer</source>
        <translation>Mixer</translation>
    </message>
    <message>
        <source>Show or hide the mixer.</source>
        <translation>Den Mixer ein- oder ausblenden.</translation>
    </message>
    <message>
        <source>Jobs, null and inspector</source>
        <translation>Aufträge, Nulltest und Inspektor</translation>
    </message>
    <message>
        <source>Show or hide the panels on the right.</source>
        <translation>Die Bereiche rechts ein- oder ausblenden.</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Use the whole screen.</source>
        <translation>Den ganzen Bildschirm nutzen.</translation>
    </message>
    <message>
        <source>MIDI control…</source>
        <translation>MIDI-Steuerung…</translation>
    </message>
    <message>
        <source>Control surfaces, mappings and time code.</source>
        <translation>Controller, Zuordnungen und Timecode.</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>Modelle…</translation>
    </message>
    <message>
        <source>What separates, and how well.</source>
        <translation>Was trennt, und wie gut.</translation>
    </message>
    <message>
        <source>Train a model…</source>
        <translation>Modell trainieren…</translation>
    </message>
    <message>
        <source>Make a model of your own from songs in stems.</source>
        <translation>Aus Songs in Stems ein eigenes Modell machen.</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>All keys on one page.</source>
        <translation>Alle Tasten auf einer Seite.</translation>
    </message>
    <message>
        <source>Welcome…</source>
        <translation>Willkommen…</translation>
    </message>
    <message>
        <source>The first steps again.</source>
        <translation>Die ersten Schritte noch einmal.</translation>
    </message>
    <message>
        <source>About StemDesk</source>
        <translation>Über StemDesk</translation>
    </message>
    <message>
        <source>Version, licences and credits.</source>
        <translation>Version, Lizenzen und Mitwirkende.</translation>
    </message>
</context>
<context>
    <name>Arranging</name>
    <message>
        <source>Add marker</source>
        <translation>Marker setzen</translation>
    </message>
    <message>
        <source>Move marker</source>
        <translation>Marker verschieben</translation>
    </message>
    <message>
        <source>Rename marker</source>
        <translation>Marker umbenennen</translation>
    </message>
    <message>
        <source>Remove marker</source>
        <translation>Marker entfernen</translation>
    </message>
    <message>
        <source>Reset region</source>
        <translation>Bereich zurücksetzen</translation>
    </message>
    <message>
        <source>Mute region</source>
        <translation>Bereich stummschalten</translation>
    </message>
    <message>
        <source>Gain of region</source>
        <translation>Verstärkung des Bereichs</translation>
    </message>
    <message>
        <source>Change region</source>
        <translation>Bereich ändern</translation>
    </message>
    <message>
        <source>Remove region</source>
        <translation>Bereich entfernen</translation>
    </message>
    <message>
        <source>Automation of {parameter}</source>
        <translation>Automation von {parameter}</translation>
    </message>
    <message>
        <source>Select a stretch of a stem first.</source>
        <translation>Zuerst einen Abschnitt eines Stems auswählen.</translation>
    </message>
    <message>
        <source>Only stems can be changed in part: select in the lane of a stem.</source>
        <translation>Nur Stems lassen sich stellenweise ändern: in der Spur eines Stems auswählen.</translation>
    </message>
    <message>
        <source>Gain of selection</source>
        <translation>Verstärkung der Auswahl</translation>
    </message>
    <message>
        <source>Gain in dB</source>
        <translation>Verstärkung in dB</translation>
    </message>
    <message>
        <source>Clear automation</source>
        <translation>Automation löschen</translation>
    </message>
    <message>
        <source>Play from here</source>
        <translation>Ab hier wiedergeben</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
</context>
<context>
    <name>BypassDot</name>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>bypassed</source>
        <translation>umgangen</translation>
    </message>
</context>
<context>
    <name>Chart</name>
    <message>
        <source>Step {step}</source>
        <translation>Schritt {step}</translation>
    </message>
</context>
<context>
    <name>ClearLine</name>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
</context>
<context>
    <name>ClipLamp</name>
    <message>
        <source>{0}: clip lamp</source>
        <translation>{0}: Übersteuerungsanzeige</translation>
    </message>
    <message>
        <source>no clip</source>
        <translation>nicht übersteuert</translation>
    </message>
    <message>
        <source>clipped, up to {0} dBFS</source>
        <translation>übersteuert, bis {0} dBFS</translation>
    </message>
    <message>
        <source>{0}: {1}
Click to clear; Ctrl+click clears all</source>
        <translation>{0}: {1}
Klick setzt zurück; Strg+Klick setzt alle zurück</translation>
    </message>
</context>
<context>
    <name>ContentChooser</name>
    <message>
        <source>Mix</source>
        <translation>Mix</translation>
    </message>
    <message>
        <source>Stems</source>
        <translation>Stems</translation>
    </message>
    <message>
        <source>Stems with effects</source>
        <translation>Stems mit Effekten</translation>
    </message>
    <message>
        <source>Without a stem</source>
        <translation>Ohne einen Stem</translation>
    </message>
    <message>
        <source>what you hear, in one file</source>
        <translation>was zu hören ist, in einer Datei</translation>
    </message>
    <message>
        <source>as separated: they sum to the song</source>
        <translation>wie getrennt: ihre Summe ist der Song</translation>
    </message>
    <message>
        <source>as mixed, before the master: they sum to the mix</source>
        <translation>wie gemischt, vor dem Master: ihre Summe ist der Mix</translation>
    </message>
    <message>
        <source>to sing or play along</source>
        <translation>zum Mitsingen oder Mitspielen</translation>
    </message>
    <message>
        <source>Stem that is left out</source>
        <translation>Stem, der wegbleibt</translation>
    </message>
    <message>
        <source>How it is left out</source>
        <translation>Wie er wegbleibt</translation>
    </message>
    <message>
        <source>Mix as heard, with the stem muted</source>
        <translation>Mix wie gehört, Stem stummgeschaltet</translation>
    </message>
    <message>
        <source>Song as it was, less the stem</source>
        <translation>Song wie er war, minus Stem</translation>
    </message>
    <message>
        <source>Separate the song first</source>
        <translation>Zuerst den Song trennen</translation>
    </message>
</context>
<context>
    <name>Control</name>
    <message>
        <source>Drag or wheel (Shift: 3 steps, Ctrl: a tenth). Double click: {0}</source>
        <translation>Ziehen oder Mausrad (Umschalt: 3 Schritte, Strg: ein Zehntel). Doppelklick: {0}</translation>
    </message>
    <message>
        <source>◆ moved by automation</source>
        <translation>◆ wird von Automation bewegt</translation>
    </message>
    <message>
        <source>◎ moved by a MIDI control</source>
        <translation>◎ wird von einem MIDI-Regler bewegt</translation>
    </message>
</context>
<context>
    <name>ControlBar</name>
    <message>
        <source>How the training stands</source>
        <translation>Stand des Trainings</translation>
    </message>
    <message>
        <source>Progress of the training</source>
        <translation>Fortschritt des Trainings</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>Training starten</translation>
    </message>
    <message>
        <source>Train now (Ctrl+Return)</source>
        <translation>Jetzt trainieren (Strg+Eingabe)</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop after this step; the run can be gone on with later</source>
        <translation>Nach diesem Schritt anhalten; später kann es weitergehen</translation>
    </message>
    <message>
        <source>Earlier runs…</source>
        <translation>Frühere Läufe…</translation>
    </message>
    <message>
        <source>Look at a run of another day</source>
        <translation>Einen früheren Lauf ansehen</translation>
    </message>
    <message>
        <source>Go on training</source>
        <translation>Weitertrainieren</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>{title} waits for its turn.</source>
        <translation>{title} wartet.</translation>
    </message>
    <message>
        <source>{title} rests.</source>
        <translation>{title} ruht.</translation>
    </message>
    <message>
        <source>{title} is finished.</source>
        <translation>{title} ist fertig.</translation>
    </message>
    <message>
        <source>{title} was not finished.</source>
        <translation>{title} wurde nicht fertig.</translation>
    </message>
    <message>
        <source>{title} was stopped.</source>
        <translation>{title} wurde angehalten.</translation>
    </message>
    <message>
        <source>training</source>
        <translation>Training</translation>
    </message>
</context>
<context>
    <name>ControlSurfaces</name>
    <message>
        <source>Learn MIDI control…</source>
        <translation>MIDI-Regler lernen…</translation>
    </message>
    <message>
        <source>Forget MIDI control</source>
        <translation>MIDI-Regler vergessen</translation>
    </message>
    <message>
        <source>Learn MIDI control for {0}…</source>
        <translation>MIDI-Regler für {0} lernen…</translation>
    </message>
    <message>
        <source>Forget MIDI control for {0}</source>
        <translation>MIDI-Regler für {0} vergessen</translation>
    </message>
    <message>
        <source>No control was learnt.</source>
        <translation>Kein Regler wurde gelernt.</translation>
    </message>
    <message>
        <source>No MIDI control drives {parameter} any more.</source>
        <translation>Kein MIDI-Regler bewegt mehr {parameter}.</translation>
    </message>
    <message>
        <source>Transport: {0}</source>
        <translation>Transport: {0}</translation>
    </message>
    <message>
        <source>{control} drives {parameter}.</source>
        <translation>{control} steuert {parameter}.</translation>
    </message>
    <message>
        <source>Move the control, or press the button</source>
        <translation>Regler bewegen oder Taste drücken</translation>
    </message>
    <message>
        <source>Now turn it the other way</source>
        <translation>Jetzt in die andere Richtung drehen</translation>
    </message>
    <message>
        <source>Learning {parameter}. {prompt}… Escape gives it up.</source>
        <translation>{parameter} wird gelernt. {prompt}… Escape bricht ab.</translation>
    </message>
</context>
<context>
    <name>Corner</name>
    <message>
        <source>Lines of the ruler</source>
        <translation>Zeilen des Lineals</translation>
    </message>
    <message>
        <source>Markers</source>
        <translation>Marker</translation>
    </message>
    <message>
        <source>Bars</source>
        <translation>Takte</translation>
    </message>
    <message>
        <source>Time, loop</source>
        <translation>Zeit, Loop</translation>
    </message>
</context>
<context>
    <name>CurveHeader</name>
    <message>
        <source>Automated parameter</source>
        <translation>Automatisierter Parameter</translation>
    </message>
    <message>
        <source>Which parameter to automate. In the lane: click adds a point, drag draws.</source>
        <translation>Welcher Parameter automatisiert wird. In der Spur: Klick setzt einen Punkt, Ziehen zeichnet.</translation>
    </message>
    <message>
        <source>{0} ({1} points)</source>
        <translation>{0} ({1} Punkte)</translation>
    </message>
</context>
<context>
    <name>CurvePlot</name>
    <message>
        <source>Curve of the effect</source>
        <translation>Kurve des Effekts</translation>
    </message>
</context>
<context>
    <name>DemoPicture</name>
    <message>
        <source>One waveform that parts into vocals, drums, bass, other</source>
        <translation>Eine Wellenform, die sich in Gesang, Drums, Bass und Übriges teilt</translation>
    </message>
</context>
<context>
    <name>DesksList</name>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Speaks</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>None. A desk that speaks Mackie Control gets faders, meters and names.</source>
        <translation>Keines. Ein Pult mit Mackie Control bekommt Fader, Pegelanzeigen und Namen.</translation>
    </message>
    <message>
        <source>Desks</source>
        <translation>Pulte</translation>
    </message>
    <message>
        <source>Port of the desk</source>
        <translation>Port des Pults</translation>
    </message>
    <message>
        <source>What the desk speaks</source>
        <translation>Protokoll des Pults</translation>
    </message>
    <message>
        <source>Add desk</source>
        <translation>Pult hinzufügen</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>verbunden</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>nicht verbunden</translation>
    </message>
</context>
<context>
    <name>DetailsBox</name>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the details</source>
        <translation>Die Details kopieren</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>Dragging</name>
    <message>
        <source>{lane} is still being copied.</source>
        <translation>{lane} wird noch kopiert.</translation>
    </message>
    <message>
        <source>{lane} is ready: drag it once more.</source>
        <translation>{lane} ist bereit: noch einmal ziehen.</translation>
    </message>
    <message>
        <source>{lane} is copied to {folder} first; drag it once more after that.</source>
        <translation>{lane} wird zuerst nach {folder} kopiert; danach noch einmal ziehen.</translation>
    </message>
    <message>
        <source>{lane} is drawn from the stems and has no file; export the mix.</source>
        <translation>{lane} wird aus den Stems gezeichnet und hat keine Datei; dafür den Mix exportieren.</translation>
    </message>
    <message>
        <source>{lane} can be dragged away once it is separated.</source>
        <translation>{lane} lässt sich herausziehen, sobald getrennt ist.</translation>
    </message>
</context>
<context>
    <name>EffectEditor</name>
    <message>
        <source>Effect</source>
        <translation>Effekt</translation>
    </message>
    <message>
        <source>Click an effect in the mixer to open it here.</source>
        <translation>Im Mixer auf einen Effekt klicken, um ihn hier zu öffnen.</translation>
    </message>
    <message>
        <source>{0} more are in the plug-in&apos;s own window.</source>
        <translation>{0} weitere sind im Fenster des Plug-ins.</translation>
    </message>
</context>
<context>
    <name>EffectHead</name>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Take the effect off the strip</source>
        <translation>Den Effekt aus dem Kanalzug nehmen</translation>
    </message>
    <message>
        <source>Remove the effect</source>
        <translation>Den Effekt entfernen</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>Presets</translation>
    </message>
    <message>
        <source>Values to start from</source>
        <translation>Werte als Ausgangspunkt</translation>
    </message>
    <message>
        <source>Open the plug-in&apos;s own window</source>
        <translation>Das Fenster des Plug-ins öffnen</translation>
    </message>
    <message>
        <source>Loading: it is heard as soon as it is there</source>
        <translation>Lädt: zu hören, sobald es da ist</translation>
    </message>
    <message>
        <source>Load it again</source>
        <translation>Neu laden</translation>
    </message>
    <message>
        <source>{0}: bypass</source>
        <translation>{0}: Bypass</translation>
    </message>
    <message>
        <source>Bypass</source>
        <translation>Bypass</translation>
    </message>
    <message>
        <source>Defaults</source>
        <translation>Standardwerte</translation>
    </message>
</context>
<context>
    <name>EffectList</name>
    <message>
        <source>{0}: effects</source>
        <translation>{0}: Effekte</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open the plug-in&apos;s own window</source>
        <translation>Das Fenster des Plug-ins öffnen</translation>
    </message>
    <message>
        <source>Bypass</source>
        <translation>Bypass</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Bypassed</source>
        <translation>Umgangen</translation>
    </message>
    <message>
        <source>Loading: it is heard as soon as it is there</source>
        <translation>Lädt: zu hören, sobald es da ist</translation>
    </message>
    <message>
        <source>Click to open, the dot bypasses (Space), drag to move (Alt+Up, Down)</source>
        <translation>Klick öffnet, der Punkt umgeht (Leertaste), Ziehen verschiebt (Alt+Auf, Ab)</translation>
    </message>
    <message>
        <source>loading…</source>
        <translation>lädt…</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>bypassed</source>
        <translation>umgangen</translation>
    </message>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>{0} of {1}: {2}, {3}</source>
        <translation>{0} von {1}: {2}, {3}</translation>
    </message>
</context>
<context>
    <name>EffectMenu</name>
    <message>
        <source>Plug-in (VST3, Audio Unit) ...</source>
        <translation>Plug-in (VST3, Audio Unit) …</translation>
    </message>
</context>
<context>
    <name>EffectPanel</name>
    <message>
        <source>Effects</source>
        <translation>Effekte</translation>
    </message>
    <message>
        <source>FX</source>
        <translation>FX</translation>
    </message>
    <message>
        <source>{0}: bypass all effects</source>
        <translation>{0}: alle Effekte umgehen</translation>
    </message>
    <message>
        <source>{0}: bypass all effects of this strip</source>
        <translation>{0}: alle Effekte dieses Kanalzugs umgehen</translation>
    </message>
    <message>
        <source>{0}: add an effect</source>
        <translation>{0}: Effekt hinzufügen</translation>
    </message>
</context>
<context>
    <name>Effects</name>
    <message>
        <source>another key at the same tempo</source>
        <translation>andere Tonart bei gleichem Tempo</translation>
    </message>
    <message>
        <source>turns down what is soft: bleed, noise, room</source>
        <translation>dämpft, was leise ist: Übersprechen, Rauschen, Raum</translation>
    </message>
    <message>
        <source>more or less bass, middle and treble</source>
        <translation>mehr oder weniger Bässe, Mitten und Höhen</translation>
    </message>
    <message>
        <source>turns down what is loud: evens the level out</source>
        <translation>dämpft, was laut ist: gleicht den Pegel aus</translation>
    </message>
    <message>
        <source>keeps the voice at one distance from the rest</source>
        <translation>hält die Stimme in gleichem Abstand zum Rest</translation>
    </message>
    <message>
        <source>adds echoes</source>
        <translation>fügt Echos hinzu</translation>
    </message>
    <message>
        <source>adds a room</source>
        <translation>fügt einen Raum hinzu</translation>
    </message>
    <message>
        <source>lets no peak pass above a ceiling</source>
        <translation>lässt keine Spitze über eine Obergrenze</translation>
    </message>
    <message>
        <source>Plug-in</source>
        <translation>Plug-in</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>No song is open</source>
        <translation>Kein Song geöffnet</translation>
    </message>
    <message>
        <source>Drop a song here to take it apart into stems.</source>
        <translation>Einen Song hierher ziehen, um ihn in Stems zu zerlegen.</translation>
    </message>
    <message>
        <source>Open a song…</source>
        <translation>Song öffnen…</translation>
    </message>
    <message>
        <source>Try the demo song</source>
        <translation>Demo-Song ausprobieren</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export {0}</source>
        <translation>{0} exportieren</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>choose a folder</source>
        <translation>einen Ordner wählen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>No stem is chosen</source>
        <translation>Kein Stem ist gewählt</translation>
    </message>
    <message>
        <source>tick one</source>
        <translation>einen ankreuzen</translation>
    </message>
    <message>
        <source>There is no folder to export to</source>
        <translation>Es gibt keinen Ordner für den Export</translation>
    </message>
    <message>
        <source>choose one</source>
        <translation>einen wählen</translation>
    </message>
    <message>
        <source>Whole song ({0})</source>
        <translation>Ganzer Song ({0})</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>Auswahl</translation>
    </message>
    <message>
        <source>Nothing is selected in the timeline</source>
        <translation>In der Zeitleiste ist nichts ausgewählt</translation>
    </message>
    <message>
        <source>Selection ({0} to {1})</source>
        <translation>Auswahl ({0} bis {1})</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Loudness</source>
        <translation>Lautheit</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Tags</translation>
    </message>
    <message>
        <source>File names</source>
        <translation>Dateinamen</translation>
    </message>
</context>
<context>
    <name>Exporting</name>
    <message>
        <source>Open a song first.</source>
        <translation>Zuerst einen Song öffnen.</translation>
    </message>
    <message>
        <source>Nothing was written to {folder}.</source>
        <translation>Nach {folder} wurde nichts geschrieben.</translation>
    </message>
    <message>
        <source>One file was written to {folder}.</source>
        <translation>Eine Datei wurde nach {folder} geschrieben.</translation>
    </message>
    <message>
        <source>{count} files were written to {folder}.</source>
        <translation>{count} Dateien in {folder} geschrieben.</translation>
    </message>
</context>
<context>
    <name>Facts</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Sample rate</source>
        <translation>Abtastrate</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>{0}, adapted to the song</source>
        <translation>{0}, an den Song angepasst</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>More or less</source>
        <translation>Mehr oder weniger</translation>
    </message>
    <message>
        <source>Tempo</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>in the project</source>
        <translation>im Projekt</translation>
    </message>
    <message>
        <source>{0} ({1} frames)</source>
        <translation>{0} ({1} Frames)</translation>
    </message>
    <message>
        <source>Loudness</source>
        <translation>Lautheit</translation>
    </message>
    <message>
        <source>measuring…</source>
        <translation>wird gemessen…</translation>
    </message>
    <message>
        <source>True peak</source>
        <translation>True Peak</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keines</translation>
    </message>
    <message>
        <source>{0} bpm, {1}/{2}</source>
        <translation>{0} bpm, {1}/{2}</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>{0} left</source>
        <translation>noch {0}</translation>
    </message>
    <message>
        <source>silence</source>
        <translation>Stille</translation>
    </message>
    <message>
        <source>mono</source>
        <translation>mono</translation>
    </message>
    <message>
        <source>stereo</source>
        <translation>stereo</translation>
    </message>
    <message>
        <source>{0} channels</source>
        <translation>{0} Kanäle</translation>
    </message>
</context>
<context>
    <name>FileField</name>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Audio and video ({patterns})</source>
        <translation>Audio und Video ({patterns})</translation>
    </message>
</context>
<context>
    <name>Filing</name>
    <message>
        <source>{0} was opened alone: drop the rest once it is there.</source>
        <translation>{0} wurde allein geöffnet: Den Rest ablegen, sobald es offen ist.</translation>
    </message>
    <message>
        <source>Open songs</source>
        <translation>Songs öffnen</translation>
    </message>
    <message>
        <source>Audio and video ({patterns})</source>
        <translation>Audio und Video ({patterns})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Open project</source>
        <translation>Projekt öffnen</translation>
    </message>
    <message>
        <source>{name} is open already.</source>
        <translation>{name} ist schon geöffnet.</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Save project</source>
        <translation>Projekt speichern</translation>
    </message>
    <message>
        <source>StemDesk project (*.stemdesk)</source>
        <translation>StemDesk-Projekt (*.stemdesk)</translation>
    </message>
    <message>
        <source>Find missing files</source>
        <translation>Fehlende Dateien suchen</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Ungespeicherte Änderungen</translation>
    </message>
    <message>
        <source>The project has changes that are not saved.</source>
        <translation>Das Projekt enthält ungespeicherte Änderungen.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Don&apos;t save</source>
        <translation>Nicht speichern</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>Nicht gespeichert</translation>
    </message>
    <message>
        <source>{problem}
What is not saved would be lost.</source>
        <translation>{problem}
Was nicht gespeichert ist, ginge verloren.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Leave without it</source>
        <translation>Ohne es verlassen</translation>
    </message>
    <message>
        <source>Files are being written</source>
        <translation>Dateien werden geschrieben</translation>
    </message>
    <message>
        <source>Break off what is being written for {song}?</source>
        <translation>Abbrechen, was gerade für {song} geschrieben wird?</translation>
    </message>
    <message>
        <source>Project in use</source>
        <translation>Projekt in Gebrauch</translation>
    </message>
    <message>
        <source>{problem}.
Open a copy of it as it was saved last?</source>
        <translation>{problem}.
Eine Kopie des zuletzt gespeicherten Standes öffnen?</translation>
    </message>
    <message>
        <source>Open a copy</source>
        <translation>Kopie öffnen</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>StemDesk did not end as it should. Go on from the last autosave?</source>
        <translation>StemDesk wurde nicht ordentlich beendet. Mit der letzten automatischen Sicherung weitermachen?</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weitermachen</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Noch keine</translation>
    </message>
</context>
<context>
    <name>FolderField</name>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
</context>
<context>
    <name>FormatFields</name>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Samples</translation>
    </message>
    <message>
        <source>Samples as in the song</source>
        <translation>Samples wie im Song</translation>
    </message>
    <message>
        <source>16-bit</source>
        <translation>16 Bit</translation>
    </message>
    <message>
        <source>24-bit</source>
        <translation>24 Bit</translation>
    </message>
    <message>
        <source>32-bit float</source>
        <translation>32 Bit Float</translation>
    </message>
    <message>
        <source>Best quality</source>
        <translation>Beste Qualität</translation>
    </message>
</context>
<context>
    <name>Hands</name>
    <message>
        <source>Wheel</source>
        <translation>Mausrad</translation>
    </message>
    <message>
        <source>Click</source>
        <translation>Klick</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>Drag</source>
        <translation>Ziehen</translation>
    </message>
    <message>
        <source>Mute the focused lane</source>
        <translation>Aktive Spur stummschalten</translation>
    </message>
    <message>
        <source>Solo the focused lane</source>
        <translation>Aktive Spur allein hören</translation>
    </message>
    <message>
        <source>Fold its automation out or in</source>
        <translation>Automation der Spur aus- oder einklappen</translation>
    </message>
    <message>
        <source>Lane above or below</source>
        <translation>Spur darüber oder darunter</translation>
    </message>
    <message>
        <source>Go on by a beat, or a little</source>
        <translation>Um eine Zählzeit oder ein wenig weiter</translation>
    </message>
    <message>
        <source>Go on by one sample</source>
        <translation>Um ein Sample weiter</translation>
    </message>
    <message>
        <source>Go on by what is in view</source>
        <translation>Um den sichtbaren Ausschnitt weiter</translation>
    </message>
    <message>
        <source>Select, by a beat or a little</source>
        <translation>Auswählen, um eine Zählzeit oder ein wenig</translation>
    </message>
    <message>
        <source>Select by one sample</source>
        <translation>Auswählen, um ein Sample</translation>
    </message>
    <message>
        <source>Select to the beginning or end</source>
        <translation>Bis zum Anfang oder Ende auswählen</translation>
    </message>
    <message>
        <source>Select in further lanes</source>
        <translation>In weiteren Spuren auswählen</translation>
    </message>
    <message>
        <source>Move the selection&apos;s other end</source>
        <translation>Das andere Ende der Auswahl bewegen</translation>
    </message>
    <message>
        <source>Pick the last or next region, point or marker</source>
        <translation>Vorige oder nächste Region, Punkt oder Marker greifen</translation>
    </message>
    <message>
        <source>Move what is picked</source>
        <translation>Gegriffenes verschieben</translation>
    </message>
    <message>
        <source>Raise or lower what is picked</source>
        <translation>Gegriffenes anheben oder absenken</translation>
    </message>
    <message>
        <source>Remove what is picked</source>
        <translation>Gegriffenes entfernen</translation>
    </message>
    <message>
        <source>Rename the picked marker</source>
        <translation>Gegriffenen Marker umbenennen</translation>
    </message>
    <message>
        <source>Add an automation point at the playhead</source>
        <translation>Automationspunkt am Abspielkopf setzen</translation>
    </message>
    <message>
        <source>Give a drag up</source>
        <translation>Ziehen abbrechen</translation>
    </message>
    <message>
        <source>Drag without snapping</source>
        <translation>Ziehen ohne Einrasten</translation>
    </message>
    <message>
        <source>Zoom at the pointer</source>
        <translation>Am Zeiger zoomen</translation>
    </message>
    <message>
        <source>Scroll along the song</source>
        <translation>Entlang des Songs rollen</translation>
    </message>
    <message>
        <source>Make lanes higher or lower</source>
        <translation>Spuren höher oder niedriger machen</translation>
    </message>
    <message>
        <source>By a step; a fader by 1 dB</source>
        <translation>Um einen Schritt; ein Fader um 1 dB</translation>
    </message>
    <message>
        <source>By three steps</source>
        <translation>Um drei Schritte</translation>
    </message>
    <message>
        <source>By a tenth of a step</source>
        <translation>Um einen Zehntelschritt</translation>
    </message>
    <message>
        <source>By six steps</source>
        <translation>Um sechs Schritte</translation>
    </message>
    <message>
        <source>To the ends of the range</source>
        <translation>An die Enden des Bereichs</translation>
    </message>
    <message>
        <source>Back to the default</source>
        <translation>Zurück zur Vorgabe</translation>
    </message>
    <message>
        <source>Type a value</source>
        <translation>Einen Wert eintippen</translation>
    </message>
    <message>
        <source>Turn a switch over</source>
        <translation>Einen Schalter umlegen</translation>
    </message>
    <message>
        <source>Hear a stem alone, on its S</source>
        <translation>Einen Stem allein hören, auf seinem S</translation>
    </message>
    <message>
        <source>Turn the switch of all stems over</source>
        <translation>Den Schalter aller Stems umlegen</translation>
    </message>
    <message>
        <source>Menu: default value, MIDI learn</source>
        <translation>Menü: Vorgabewert, MIDI lernen</translation>
    </message>
    <message>
        <source>Choose an effect</source>
        <translation>Einen Effekt wählen</translation>
    </message>
    <message>
        <source>Move it up or down</source>
        <translation>Nach oben oder unten bewegen</translation>
    </message>
    <message>
        <source>Bypass it</source>
        <translation>Bypass</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Remove it</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Choose a job</source>
        <translation>Einen Auftrag wählen</translation>
    </message>
    <message>
        <source>Pause it, go on or try again</source>
        <translation>Anhalten, fortsetzen oder neu versuchen</translation>
    </message>
    <message>
        <source>Cancel it, or remove what has ended</source>
        <translation>Abbrechen, oder Beendetes entfernen</translation>
    </message>
    <message>
        <source>Earlier or later in the queue</source>
        <translation>Früher oder später in der Warteschlange</translation>
    </message>
    <message>
        <source>In the lanes</source>
        <translation>In den Spuren</translation>
    </message>
    <message>
        <source>On faders, knobs and switches</source>
        <translation>Auf Fadern, Reglern und Schaltern</translation>
    </message>
    <message>
        <source>In a list of effects</source>
        <translation>In einer Liste von Effekten</translation>
    </message>
    <message>
        <source>In the list of jobs</source>
        <translation>In der Liste der Aufträge</translation>
    </message>
</context>
<context>
    <name>HeaderColumn</name>
    <message>
        <source>Lane headers</source>
        <translation>Spurköpfe</translation>
    </message>
</context>
<context>
    <name>Helping</name>
    <message>
        <source>Apply mix recipe</source>
        <translation>Mix-Rezept anwenden</translation>
    </message>
    <message>
        <source>Mix recipe (*.toml)</source>
        <translation>Mix-Rezept (*.toml)</translation>
    </message>
    <message>
        <source>Save mix recipe</source>
        <translation>Mix-Rezept speichern</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Shown</source>
        <translation>Gezeigt</translation>
    </message>
    <message>
        <source>No song is open.</source>
        <translation>Kein Song geöffnet.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Back to the song</source>
        <translation>Zurück zum Song</translation>
    </message>
    <message>
        <source>Regions of {0}</source>
        <translation>Bereiche von {0}</translation>
    </message>
    <message>
        <source>Markers</source>
        <translation>Marker</translation>
    </message>
    <message>
        <source>Effect</source>
        <translation>Effekt</translation>
    </message>
</context>
<context>
    <name>JobRow</name>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Earlier (Ctrl+Up)</source>
        <translation>Früher (Strg+Auf)</translation>
    </message>
    <message>
        <source>Later (Ctrl+Down)</source>
        <translation>Später (Strg+Ab)</translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation>Pause (Leertaste)</translation>
    </message>
    <message>
        <source>Cancel (Delete)</source>
        <translation>Abbrechen (Entf)</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Try again (Space)</source>
        <translation>Erneut versuchen (Leertaste)</translation>
    </message>
    <message>
        <source>Go on (Space)</source>
        <translation>Fortsetzen (Leertaste)</translation>
    </message>
    <message>
        <source>Remove from the list (Delete)</source>
        <translation>Aus der Liste entfernen (Entf)</translation>
    </message>
    <message>
        <source>1 note</source>
        <translation>1 Hinweis</translation>
    </message>
    <message>
        <source>{0} notes</source>
        <translation>{0} Hinweise</translation>
    </message>
</context>
<context>
    <name>Jobs</name>
    <message>
        <source>no reason was given</source>
        <translation>ohne Angabe von Gründen</translation>
    </message>
    <message>
        <source>Something unexpected happened ({0}).</source>
        <translation>Etwas Unerwartetes ist passiert ({0}).</translation>
    </message>
    <message>
        <source>Try again; if it fails again, copy the details into a report.</source>
        <translation>Noch einmal versuchen; schlägt es wieder fehl, die Details in einen Fehlerbericht kopieren.</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>{0} × real time</source>
        <translation>{0} × Echtzeit</translation>
    </message>
    <message>
        <source>takes {0} × the song&apos;s length</source>
        <translation>braucht {0} × die Länge des Songs</translation>
    </message>
</context>
<context>
    <name>JobsPanel</name>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>What computes</source>
        <translation>Was rechnet</translation>
    </message>
    <message>
        <source>What the next job will take</source>
        <translation>Was der nächste Auftrag braucht</translation>
    </message>
    <message>
        <source>Clear finished</source>
        <translation>Beendete entfernen</translation>
    </message>
    <message>
        <source>Take what has ended off the list</source>
        <translation>Beendete Aufträge aus der Liste nehmen</translation>
    </message>
    <message>
        <source>Nothing is being worked at. Separations and exports show up here, with the time they have left.</source>
        <translation>Zurzeit läuft nichts. Trennungen und Exporte erscheinen hier, mit der Zeit, die sie noch brauchen.</translation>
    </message>
</context>
<context>
    <name>LaneCanvas</name>
    <message>
        <source>Lanes</source>
        <translation>Spuren</translation>
    </message>
    <message>
        <source>Open a song to see it here</source>
        <translation>Einen Song öffnen, um ihn hier zu sehen</translation>
    </message>
</context>
<context>
    <name>LaneHeader</name>
    <message>
        <source>Drag into another program or a folder: the lane&apos;s file</source>
        <translation>In ein anderes Programm oder einen Ordner ziehen: die Datei der Spur</translation>
    </message>
    <message>
        <source>Stems are muted and soloed; the mixture is heard with A|B (O).</source>
        <translation>Stumm und Solo gelten den Stems; die Mischung ist mit A|B (O) zu hören.</translation>
    </message>
    <message>
        <source>shown +60 dB</source>
        <translation>+60 dB gezeigt</translation>
    </message>
    <message>
        <source>stems as separated</source>
        <translation>Stems wie getrennt</translation>
    </message>
    <message>
        <source>Mute {0}</source>
        <translation>{0} stummschalten</translation>
    </message>
    <message>
        <source>Mute (M)</source>
        <translation>Stumm (M)</translation>
    </message>
    <message>
        <source>Solo {0}</source>
        <translation>{0} solo schalten</translation>
    </message>
    <message>
        <source>Solo (S)</source>
        <translation>Solo (S)</translation>
    </message>
    <message>
        <source>Automation of {0}</source>
        <translation>Automation von {0}</translation>
    </message>
    <message>
        <source>Fold automation out (A)</source>
        <translation>Automation ausklappen (A)</translation>
    </message>
    <message>
        <source>Level of {0}</source>
        <translation>Pegel von {0}</translation>
    </message>
    <message>
        <source>Level in dB. Wheel: 1 dB, Shift 3 dB, Ctrl 0.1 dB. Double click: 0 dB.</source>
        <translation>Pegel in dB. Mausrad: 1 dB, Umschalt 3 dB, Strg 0.1 dB. Doppelklick: 0 dB.</translation>
    </message>
</context>
<context>
    <name>LearnRow</name>
    <message>
        <source>Parameter</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Learn</source>
        <translation>Lernen</translation>
    </message>
    <message>
        <source>Then move the control that is to drive it</source>
        <translation>Dann den Regler bewegen, der ihn steuern soll</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>LevelNumber</name>
    <message>
        <source>Double click: type a level in dB</source>
        <translation>Doppelklick: Pegel in dB eintippen</translation>
    </message>
    <message>
        <source>Level in dB</source>
        <translation>Pegel in dB</translation>
    </message>
</context>
<context>
    <name>ListenJoint</name>
    <message>
        <source>Step {step}, {stem}: told apart in {right} of {count} (p = {p})</source>
        <translation>Schritt {step}, {stem}: {right} von {count} richtig unterschieden (p = {p})</translation>
    </message>
    <message>
        <source>Step {step}, {stem}: new model preferred in {right} of {count} (p = {p})</source>
        <translation>Schritt {step}, {stem}: neues Modell in {right} von {count} vorgezogen (p = {p})</translation>
    </message>
</context>
<context>
    <name>ListenPage</name>
    <message>
        <source>Checkpoint</source>
        <translation>Zwischenstand</translation>
    </message>
    <message>
        <source>Stem</source>
        <translation>Stem</translation>
    </message>
    <message>
        <source>What is asked</source>
        <translation>Gestellte Frage</translation>
    </message>
    <message>
        <source>Blind: which is better?</source>
        <translation>Blind: Was ist besser?</translation>
    </message>
    <message>
        <source>Blind: can they be told apart? (ABX)</source>
        <translation>Blind: unterscheidbar? (ABX)</translation>
    </message>
    <message>
        <source>Not blind</source>
        <translation>Nicht blind</translation>
    </message>
    <message>
        <source>Number of trials</source>
        <translation>Zahl der Durchgänge</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Play or pause (Space)</source>
        <translation>Abspielen oder pausieren (Leertaste)</translation>
    </message>
    <message>
        <source>Place in the song</source>
        <translation>Stelle im Song</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Zurücknehmen</translation>
    </message>
    <message>
        <source>Begin again</source>
        <translation>Neu beginnen</translation>
    </message>
    <message>
        <source>Step {step}</source>
        <translation>Schritt {step}</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>Grundmodell</translation>
    </message>
    <message>
        <source>New model</source>
        <translation>Neues Modell</translation>
    </message>
    <message>
        <source>Hear {name}</source>
        <translation>{name} hören</translation>
    </message>
    <message>
        <source>X is A</source>
        <translation>X ist A</translation>
    </message>
    <message>
        <source>A is better</source>
        <translation>A ist besser</translation>
    </message>
    <message>
        <source>X is B</source>
        <translation>X ist B</translation>
    </message>
    <message>
        <source>B is better</source>
        <translation>B ist besser</translation>
    </message>
    <message>
        <source>All trials are answered.</source>
        <translation>Alle Durchgänge sind beantwortet.</translation>
    </message>
    <message>
        <source>Trial {number} of {count}</source>
        <translation>Durchgang {number} von {count}</translation>
    </message>
    <message>
        <source>Choose a song to listen to in the recipe. After each check of the training it can be heard here, by the new model and by the base, equally loud.</source>
        <translation>Im Rezept lässt sich ein Song zum Hören wählen. Nach jeder Prüfung des Trainings ist er hier zu hören, vom neuen und vom Grundmodell, gleich laut.</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>Frage</translation>
    </message>
    <message>
        <source>Trials</source>
        <translation>Durchgänge</translation>
    </message>
</context>
<context>
    <name>Listening</name>
    <message>
        <source>X was told rightly in {right} of {count} trials.</source>
        <translation>X wurde in {right} von {count} Durchgängen richtig erkannt.</translation>
    </message>
    <message>
        <source>The new model was preferred in {right} of {count} trials.</source>
        <translation>Das neue Modell wurde in {right} von {count} Durchgängen vorgezogen.</translation>
    </message>
    <message>
        <source>By chance alone this happens with p = {p}:</source>
        <translation>Durch Zufall allein geschieht das mit p = {p}:</translation>
    </message>
    <message>
        <source>the difference is heard.</source>
        <translation>Der Unterschied ist hörbar.</translation>
    </message>
    <message>
        <source>no difference is proved.</source>
        <translation>Ein Unterschied ist nicht bewiesen.</translation>
    </message>
</context>
<context>
    <name>LoudnessFields</name>
    <message>
        <source>Leave as it is</source>
        <translation>Unverändert lassen</translation>
    </message>
    <message>
        <source>Loudness</source>
        <translation>Lautheit</translation>
    </message>
    <message>
        <source>streaming</source>
        <translation>Streaming</translation>
    </message>
    <message>
        <source>podcasts</source>
        <translation>Podcasts</translation>
    </message>
    <message>
        <source>broadcast, EBU R 128</source>
        <translation>Rundfunk, EBU R 128</translation>
    </message>
    <message>
        <source>Integrated loudness in LUFS; choose, or type a number such as −18</source>
        <translation>Integrierte Lautheit in LUFS; wählen oder eine Zahl eintippen, etwa −18</translation>
    </message>
    <message>
        <source>Highest true peak</source>
        <translation>Höchster True Peak</translation>
    </message>
    <message>
        <source>No true peak exceeds this, in dBTP</source>
        <translation>Kein True Peak überschreitet diesen Wert in dBTP</translation>
    </message>
    <message>
        <source>True peak up to</source>
        <translation>True Peak bis</translation>
    </message>
    <message>
        <source>“{0}” is no loudness: type {1} to {2} LUFS.</source>
        <translation>„{0}“ ist keine Lautheit: {1} bis {2} LUFS eintippen.</translation>
    </message>
</context>
<context>
    <name>LoudnessPanel</name>
    <message>
        <source>Loudness of the mix</source>
        <translation>Lautheit des Mix</translation>
    </message>
    <message>
        <source>Loudness of the mix: short-term (3 s) and integrated, in LUFS (EBU R 128);
highest true peak in dBTP (R 128 asks for -1.0 at most);
by how much the limiter turns down, in dB;
phase correlation: +1 mono, 0 unrelated, -1 upside down (lost in mono)</source>
        <translation>Lautheit des Mixes: kurzzeitig (3 s) und gesamt, in LUFS (EBU R 128);
höchster True Peak in dBTP (R 128 verlangt höchstens -1.0);
um wie viel der Limiter absenkt, in dB;
Phasenkorrelation: +1 mono, 0 ohne Bezug, -1 gegenphasig (in Mono verloren)</translation>
    </message>
    <message>
        <source>Short</source>
        <translation>Kurz</translation>
    </message>
    <message>
        <source>Integr.</source>
        <translation>Integr.</translation>
    </message>
    <message>
        <source>True peak</source>
        <translation>True Peak</translation>
    </message>
    <message>
        <source>Limiter</source>
        <translation>Limiter</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>Phase</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Closing the project</source>
        <translation>Projekt schließen</translation>
    </message>
    <message>
        <source>Jobs, null and inspector</source>
        <translation>Aufträge, Null und Inspektor</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Null</source>
        <translation>Nulltest</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>Zuletzt geöffnete Projekte</translation>
    </message>
</context>
<context>
    <name>MappingForm</name>
    <message>
        <source>How the control drives the parameter</source>
        <translation>Wie der Regler den Parameter bewegt</translation>
    </message>
    <message>
        <source>Where its lower end lies</source>
        <translation>Wo sein unteres Ende liegt</translation>
    </message>
    <message>
        <source>Where its upper end lies</source>
        <translation>Wo sein oberes Ende liegt</translation>
    </message>
    <message>
        <source>Reversed</source>
        <translation>Umgekehrt</translation>
    </message>
    <message>
        <source>Feedback</source>
        <translation>Rückmeldung</translation>
    </message>
    <message>
        <source>Motor, lamp or ring of the control show the value</source>
        <translation>Motor, Lampe oder Ring des Reglers zeigen den Wert</translation>
    </message>
    <message>
        <source>Travel</source>
        <translation>Weg</translation>
    </message>
</context>
<context>
    <name>MarkerRows</name>
    <message>
        <source>None. Shift+M puts one at the playhead.</source>
        <translation>Keine. Umschalt+M setzt eine an den Abspielkopf.</translation>
    </message>
</context>
<context>
    <name>MasterView</name>
    <message>
        <source>All effects of the mix</source>
        <translation>Alle Effekte des Mix</translation>
    </message>
    <message>
        <source>All effects</source>
        <translation>Alle Effekte</translation>
    </message>
    <message>
        <source>Bypass all effects of the mix</source>
        <translation>Alle Effekte des Mix umgehen</translation>
    </message>
    <message>
        <source>Bypass the effects of all strips, to compare</source>
        <translation>Zum Vergleich die Effekte aller Kanalzüge umgehen</translation>
    </message>
    <message>
        <source>Ceiling</source>
        <translation>Obergrenze</translation>
    </message>
</context>
<context>
    <name>Meter</name>
    <message>
        <source>{0}: meter</source>
        <translation>{0}: Pegelanzeige</translation>
    </message>
    <message>
        <source>{0}: peak and, within it, RMS; -60 to +6 dBFS. The line holds the peak 1.5 s.</source>
        <translation>{0}: Spitzenpegel und darin RMS; -60 bis +6 dBFS. Der Strich hält die Spitze 1.5 s.</translation>
    </message>
</context>
<context>
    <name>MeterLine</name>
    <message>
        <source>Level meter</source>
        <translation>Pegelanzeige</translation>
    </message>
</context>
<context>
    <name>Midi</name>
    <message>
        <source>Control {0}</source>
        <translation>Controller {0}</translation>
    </message>
    <message>
        <source>Control {0}, fine</source>
        <translation>Controller {0}, fein</translation>
    </message>
    <message>
        <source>NRPN {0}</source>
        <translation>NRPN {0}</translation>
    </message>
    <message>
        <source>Note {0} ({1})</source>
        <translation>Note {0} ({1})</translation>
    </message>
    <message>
        <source>Pitch bend</source>
        <translation>Pitch-Bend</translation>
    </message>
    <message>
        <source>{0}, any channel</source>
        <translation>{0}, beliebiger Kanal</translation>
    </message>
    <message>
        <source>{0}, channel {1}</source>
        <translation>{0}, Kanal {1}</translation>
    </message>
    <message>
        <source>any port</source>
        <translation>beliebiger Port</translation>
    </message>
    <message>
        <source>goes where the control stands</source>
        <translation>springt zur Stellung des Reglers</translation>
    </message>
    <message>
        <source>picks the value up</source>
        <translation>holt den Wert ab</translation>
    </message>
    <message>
        <source>turns by steps</source>
        <translation>dreht schrittweise</translation>
    </message>
    <message>
        <source>each press turns over</source>
        <translation>jeder Druck schaltet um</translation>
    </message>
    <message>
        <source>while pressed</source>
        <translation>solange gedrückt</translation>
    </message>
    <message>
        <source>{0}, {1:.0f} to {2:.0f} % of its travel</source>
        <translation>{0}, {1:.0f} bis {2:.0f} % des Weges</translation>
    </message>
    <message>
        <source>{0}, reversed</source>
        <translation>{0}, umgekehrt</translation>
    </message>
    <message>
        <source>Mackie Control</source>
        <translation>Mackie Control</translation>
    </message>
    <message>
        <source>Mackie Control extender</source>
        <translation>Mackie-Control-Erweiterung</translation>
    </message>
    <message>
        <source>Nobody: StemDesk keeps its own time</source>
        <translation>Niemandem: StemDesk hat seine eigene Zeit</translation>
    </message>
    <message>
        <source>MIDI clock</source>
        <translation>MIDI-Clock</translation>
    </message>
    <message>
        <source>MIDI time code (MTC)</source>
        <translation>MIDI-Timecode (MTC)</translation>
    </message>
</context>
<context>
    <name>MidiDialog</name>
    <message>
        <source>MIDI control</source>
        <translation>MIDI-Steuerung</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Neu suchen</translation>
    </message>
    <message>
        <source>Parameter</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Control</source>
        <translation>Regler</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>How</source>
        <translation>Wie</translation>
    </message>
    <message>
        <source>No control drives anything yet. Choose a parameter, press Learn, and move the control.</source>
        <translation>Noch steuert kein Regler etwas. Einen Parameter wählen, „Lernen“ drücken und den Regler bewegen.</translation>
    </message>
    <message>
        <source>Controls and what they drive</source>
        <translation>Regler und was sie bewegen</translation>
    </message>
    <message>
        <source>There are no MIDI ports.</source>
        <translation>Es gibt keine MIDI-Ports.</translation>
    </message>
    <message>
        <source>No MIDI device is connected. Plug one in: it is found by itself.</source>
        <translation>Kein MIDI-Gerät ist verbunden. Eines anschließen: es wird von selbst gefunden.</translation>
    </message>
    <message>
        <source>Heard: {0}</source>
        <translation>Eingänge: {0}</translation>
    </message>
    <message>
        <source>Sent to: {0}</source>
        <translation>Ausgänge: {0}</translation>
    </message>
    <message>
        <source>Controls, desks and what is followed</source>
        <translation>Regler, Pulte und was befolgt wird</translation>
    </message>
    <message>
        <source>Controls</source>
        <translation>Regler</translation>
    </message>
    <message>
        <source>Desks</source>
        <translation>Pulte</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Folgen</translation>
    </message>
</context>
<context>
    <name>MixerView</name>
    <message>
        <source>Mixer</source>
        <translation>Mixer</translation>
    </message>
    <message>
        <source>Separate a song: each stem gets a strip here.</source>
        <translation>Einen Song trennen: jeder Stem bekommt hier einen Kanalzug.</translation>
    </message>
</context>
<context>
    <name>Mixing</name>
    <message>
        <source>Add {effect}</source>
        <translation>{effect} hinzufügen</translation>
    </message>
    <message>
        <source>Remove {effect}</source>
        <translation>{effect} entfernen</translation>
    </message>
    <message>
        <source>Move {effect}</source>
        <translation>{effect} verschieben</translation>
    </message>
    <message>
        <source>Bypass {effect}</source>
        <translation>{effect} umgehen</translation>
    </message>
    <message>
        <source>Bypass effects of {strip}</source>
        <translation>Effekte umgehen: {strip}</translation>
    </message>
    <message>
        <source>Bypass all effects</source>
        <translation>Alle Effekte umgehen</translation>
    </message>
    <message>
        <source>Effect</source>
        <translation>Effekt</translation>
    </message>
    <message>
        <source>Preset of {effect}</source>
        <translation>Preset für {effect}</translation>
    </message>
    <message>
        <source>Reset the mix</source>
        <translation>Mix zurücksetzen</translation>
    </message>
    <message>
        <source>Clear solo and mute</source>
        <translation>Solo und Stumm aufheben</translation>
    </message>
    <message>
        <source>Default value</source>
        <translation>Standardwert</translation>
    </message>
    <message>
        <source>Show automation</source>
        <translation>Automation zeigen</translation>
    </message>
    <message>
        <source>Clear automation</source>
        <translation>Automation löschen</translation>
    </message>
</context>
<context>
    <name>ModelList</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>not installed</source>
        <translation>nicht installiert</translation>
    </message>
</context>
<context>
    <name>NameFields</name>
    <message>
        <source>File names</source>
        <translation>Dateinamen</translation>
    </message>
    <message>
        <source>Insert</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>What names may hold</source>
        <translation>Was in Namen stehen kann</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>und {0} weitere</translation>
    </message>
    <message>
        <source>Name of the song here</source>
        <translation>Name des Songs hier</translation>
    </message>
    <message>
        <source>Stem, or “mix”</source>
        <translation>Stem oder „mix“</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Artist</source>
        <translation>Interpret</translation>
    </message>
    <message>
        <source>Album</source>
        <translation>Album</translation>
    </message>
    <message>
        <source>Tempo</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Date of today</source>
        <translation>Heutiges Datum</translation>
    </message>
</context>
<context>
    <name>Null</name>
    <message>
        <source>No song</source>
        <translation>Kein Song</translation>
    </message>
    <message>
        <source>Open a song: drop it onto the window.</source>
        <translation>Einen Song öffnen: aufs Fenster ziehen.</translation>
    </message>
    <message>
        <source>The stems are summed and compared with the song, sample by sample.</source>
        <translation>Die Stems werden summiert und Sample für Sample mit dem Song verglichen.</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>Wird geprüft…</translation>
    </message>
    <message>
        <source>Not meant to null</source>
        <translation>Soll sich nicht auslöschen</translation>
    </message>
    <message>
        <source>What was written is another sound than the song:</source>
        <translation>Geschrieben wurde ein anderer Klang als der Song:</translation>
    </message>
    <message>
        <source>Nothing to check yet</source>
        <translation>Noch nichts zu prüfen</translation>
    </message>
    <message>
        <source>Separate the song: its stems are then summed and compared with it.</source>
        <translation>Den Song trennen: seine Stems werden dann summiert und mit ihm verglichen.</translation>
    </message>
    <message>
        <source>Exact</source>
        <translation>Exakt</translation>
    </message>
    <message>
        <source>Exact after {0}</source>
        <translation>Exakt nach {0}</translation>
    </message>
    <message>
        <source>Equal but for rounding</source>
        <translation>Gleich bis auf Rundung</translation>
    </message>
    <message>
        <source>Not exact</source>
        <translation>Nicht exakt</translation>
    </message>
    <message>
        <source>{0} of {1} samples differ from the song without {2}</source>
        <translation>{0} von {1} Abtastwerten weichen vom Song ohne {2} ab</translation>
    </message>
    <message>
        <source>{0} of {1} samples differ from the song</source>
        <translation>{0} von {1} Abtastwerten weichen vom Song ab</translation>
    </message>
    <message>
        <source>{0} of {1} samples differ</source>
        <translation>{0} von {1} Samples weichen ab</translation>
    </message>
    <message>
        <source>{0}: the files sum to the song at {1}</source>
        <translation>{0}: Die Dateien ergeben den Song bei {1}</translation>
    </message>
    <message>
        <source>{0} after {1}</source>
        <translation>{0} nach {1}</translation>
    </message>
    <message>
        <source> (the song: {0})</source>
        <translation> (der Song: {0})</translation>
    </message>
    <message>
        <source>Residual peak {0}</source>
        <translation>Spitze der Differenz {0}</translation>
    </message>
    <message>
        <source>{0}, most of it at {1}</source>
        <translation>{0}, am meisten bei {1}</translation>
    </message>
</context>
<context>
    <name>NullPanel</name>
    <message>
        <source>Null</source>
        <translation>Nulltest</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Go to where the residual is greatest</source>
        <translation>Zur größten Differenz springen</translation>
    </message>
    <message>
        <source>What you hear is another mix:</source>
        <translation>Zu hören ist ein anderer Mix:</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <source>Read the files back and compare them</source>
        <translation>Die Dateien zurücklesen und vergleichen</translation>
    </message>
    <message>
        <source>Stems of the project</source>
        <translation>Stems des Projekts</translation>
    </message>
    <message>
        <source>Back to whether the project&apos;s own stems sum to the song</source>
        <translation>Zurück dazu, ob die eigenen Stems des Projekts den Song ergeben</translation>
    </message>
    <message>
        <source>Residual by second, dBFS</source>
        <translation>Differenz je Sekunde, dBFS</translation>
    </message>
    <message>
        <source>Residual by octave, dBFS over Hz</source>
        <translation>Differenz je Oktave, dBFS über Hz</translation>
    </message>
</context>
<context>
    <name>NumberField</name>
    <message>
        <source>Double click, or Enter, to type: {0}</source>
        <translation>Doppelklick oder Eingabetaste zum Eintippen: {0}</translation>
    </message>
</context>
<context>
    <name>Outlook</name>
    <message>
        <source>Will null exactly</source>
        <translation>Wird sich exakt auslöschen</translation>
    </message>
    <message>
        <source>Will not null</source>
        <translation>Wird sich nicht auslöschen</translation>
    </message>
    <message>
        <source>May null exactly</source>
        <translation>Löscht sich vielleicht exakt aus</translation>
    </message>
</context>
<context>
    <name>OverwriteQuestion</name>
    <message>
        <source>Files that are there already</source>
        <translation>Dateien, die schon da sind</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>New names</source>
        <translation>Neue Namen</translation>
    </message>
    <message>
        <source>Keep both: the new files get a number</source>
        <translation>Beide behalten: die neuen Dateien bekommen eine Nummer</translation>
    </message>
    <message>
        <source>Skip those</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <source>Keep the files that are there, and write the others</source>
        <translation>Vorhandene Dateien behalten und die übrigen schreiben</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>This file is there already:</source>
        <translation>Diese Datei ist schon da:</translation>
    </message>
    <message>
        <source>{0} of {1} files are there already:</source>
        <translation>{0} von {1} Dateien sind schon da:</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>und {0} weitere</translation>
    </message>
</context>
<context>
    <name>Playing</name>
    <message>
        <source>Set loop</source>
        <translation>Loop setzen</translation>
    </message>
    <message>
        <source>Remove loop</source>
        <translation>Loop entfernen</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>Loop</translation>
    </message>
    <message>
        <source>The original as it is: it is matched once the mix has sounded</source>
        <translation>Das Original, wie es ist: angeglichen wird, sobald der Mix erklungen ist</translation>
    </message>
    <message>
        <source>The original, at {gain:+.1f} dB as loud as the mix</source>
        <translation>Das Original, mit {gain:+.1f} dB so laut wie die Mischung</translation>
    </message>
    <message>
        <source>The original at {gain:+.1f} dB, softer than the mix: more would clip</source>
        <translation>Das Original mit {gain:+.1f} dB, leiser als der Mix: mehr würde übersteuern</translation>
    </message>
    <message>
        <source>Add marker</source>
        <translation>Marker setzen</translation>
    </message>
    <message>
        <source>Tap tempo</source>
        <translation>Tempo tippen</translation>
    </message>
    <message>
        <source>Set tempo</source>
        <translation>Tempo setzen</translation>
    </message>
</context>
<context>
    <name>Plugins</name>
    <message>
        <source>No plug-ins were found yet</source>
        <translation>Noch keine Plug-ins gefunden</translation>
    </message>
    <message>
        <source>Look for plug-ins</source>
        <translation>Plug-ins suchen</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>Datei wählen…</translation>
    </message>
    <message>
        <source>{count} plug-ins were found.</source>
        <translation>Gefundene Plug-ins: {count}.</translation>
    </message>
    <message>
        <source>Plug-ins</source>
        <translation>Plug-ins</translation>
    </message>
    <message>
        <source>Choose a VST3 plug-in</source>
        <translation>VST3-Plug-in wählen</translation>
    </message>
    <message>
        <source>Add {effect}</source>
        <translation>{effect} hinzufügen</translation>
    </message>
    <message>
        <source>{effect} is not loaded yet.</source>
        <translation>{effect} ist noch nicht geladen.</translation>
    </message>
</context>
<context>
    <name>Presets</name>
    <message>
        <source>Without rumble</source>
        <translation>Ohne Rumpeln</translation>
    </message>
    <message>
        <source>Voice in front</source>
        <translation>Stimme vorn</translation>
    </message>
    <message>
        <source>More bass</source>
        <translation>Mehr Bass</translation>
    </message>
    <message>
        <source>Telephone</source>
        <translation>Telefon</translation>
    </message>
    <message>
        <source>Gentle</source>
        <translation>Sanft</translation>
    </message>
    <message>
        <source>Even voice</source>
        <translation>Gleichmäßige Stimme</translation>
    </message>
    <message>
        <source>Punchy drums</source>
        <translation>Druckvolle Drums</translation>
    </message>
    <message>
        <source>Less bleed</source>
        <translation>Weniger Übersprechen</translation>
    </message>
    <message>
        <source>Tight drums</source>
        <translation>Trockene Drums</translation>
    </message>
    <message>
        <source>Voice in the band</source>
        <translation>Stimme in der Band</translation>
    </message>
    <message>
        <source>Slap</source>
        <translation>Slapback</translation>
    </message>
    <message>
        <source>Ping-pong</source>
        <translation>Ping-Pong</translation>
    </message>
    <message>
        <source>Dark tape</source>
        <translation>Dunkles Band</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Raum</translation>
    </message>
    <message>
        <source>Plate</source>
        <translation>Platte</translation>
    </message>
    <message>
        <source>Hall</source>
        <translation>Saal</translation>
    </message>
</context>
<context>
    <name>ProblemBar</name>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Nächstes</translation>
    </message>
    <message>
        <source>Show the next problem</source>
        <translation>Das nächste Problem zeigen</translation>
    </message>
    <message>
        <source>Close (Escape)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>1 more</source>
        <translation>1 weiteres</translation>
    </message>
    <message>
        <source>{0} more</source>
        <translation>{0} weitere</translation>
    </message>
</context>
<context>
    <name>RecipeForm</name>
    <message>
        <source>Base model</source>
        <translation>Grundmodell</translation>
    </message>
    <message>
        <source>Name of the new model</source>
        <translation>Name des neuen Modells</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>Minuten</translation>
    </message>
    <message>
        <source>How long to train</source>
        <translation>Dauer des Trainings</translation>
    </message>
    <message>
        <source>Of training; the checks of the model come on top</source>
        <translation>Training allein; die Prüfungen des Modells kommen hinzu</translation>
    </message>
    <message>
        <source>How much may change</source>
        <translation>Was sich ändern darf</translation>
    </message>
    <message>
        <source>Decide by how much music there is</source>
        <translation>Je nach Menge der Musik</translation>
    </message>
    <message>
        <source>Little: only the last layers</source>
        <translation>Wenig: nur die letzten Schichten</translation>
    </message>
    <message>
        <source>Half of the network</source>
        <translation>Die Hälfte des Netzes</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Replay of base material</source>
        <translation>Anteil des Grundmaterials</translation>
    </message>
    <message>
        <source>Share of what is trained on that is not your songs, so that nothing is forgotten</source>
        <translation>Anteil am Training, der nicht aus den eigenen Songs kommt, damit nichts verlernt wird</translation>
    </message>
    <message>
        <source>Song to listen to</source>
        <translation>Song zum Hören</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>Pull towards the base</source>
        <translation>Zug zum Grundmodell</translation>
    </message>
    <message>
        <source>How strongly weights are drawn back to the base model&apos;s</source>
        <translation>Wie stark die Gewichte zu denen des Grundmodells zurückgezogen werden</translation>
    </message>
    <message>
        <source>Most that may be lost</source>
        <translation>Erlaubter Verlust</translation>
    </message>
    <message>
        <source>By how much the new model may be worse on the reference set and still be saved</source>
        <translation>Um so viel darf das neue Modell beim Referenzmaterial schlechter sein und wird doch gespeichert</translation>
    </message>
    <message>
        <source>Save it even so</source>
        <translation>Trotzdem speichern</translation>
    </message>
    <message>
        <source>Keep the new model however much is lost</source>
        <translation>Das neue Modell behalten, wie viel auch verloren geht</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>As the recipe says</source>
        <translation>Wie im Rezept</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>How long</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>Grundmaterial</translation>
    </message>
    <message>
        <source>Listen to</source>
        <translation>Zum Hören</translation>
    </message>
    <message>
        <source>What is made</source>
        <translation>Was entsteht</translation>
    </message>
    <message>
        <source>The song is rendered by the new and by the base model after each check, so that both can be compared by ear.</source>
        <translation>Der Song wird nach jeder Prüfung vom neuen und vom Grundmodell getrennt, damit sich beide mit dem Ohr vergleichen lassen.</translation>
    </message>
</context>
<context>
    <name>RecipeJoint</name>
    <message>
        <source>My songs</source>
        <translation>Meine Songs</translation>
    </message>
    <message>
        <source>{songs}, from {base}</source>
        <translation>{songs}, aus {base}</translation>
    </message>
</context>
<context>
    <name>RecipePage</name>
    <message>
        <source>This machine is being measured, to know how much it learns in a minute…</source>
        <translation>Es wird gemessen, wie viel dieser Rechner in einer Minute lernt…</translation>
    </message>
    <message>
        <source>Open recipe…</source>
        <translation>Rezept öffnen…</translation>
    </message>
    <message>
        <source>Save recipe as…</source>
        <translation>Rezept speichern…</translation>
    </message>
    <message>
        <source>Line {line}: {problem}.</source>
        <translation>Zeile {line}: {problem}.</translation>
    </message>
    <message>
        <source>The recipe can be run.</source>
        <translation>Das Rezept ist ausführbar.</translation>
    </message>
    <message>
        <source>Open recipe</source>
        <translation>Rezept öffnen</translation>
    </message>
    <message>
        <source>Training recipe (*.toml)</source>
        <translation>Trainingsrezept (*.toml)</translation>
    </message>
    <message>
        <source>Save recipe</source>
        <translation>Rezept speichern</translation>
    </message>
    <message>
        <source>The same as TOML</source>
        <translation>Dasselbe als TOML</translation>
    </message>
</context>
<context>
    <name>RecoveryDialog</name>
    <message>
        <source>Recover</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>StemDesk did not end as it should. Go on where you were?</source>
        <translation>StemDesk wurde nicht ordentlich beendet. An der letzten Stelle weitermachen?</translation>
    </message>
    <message>
        <source>What can be recovered</source>
        <translation>Was wiederhergestellt werden kann</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weitermachen</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Später</translation>
    </message>
    <message>
        <source>never saved</source>
        <translation>nie gesichert</translation>
    </message>
</context>
<context>
    <name>RegionRows</name>
    <message>
        <source>None. Select a stretch of this lane to mute it or change its gain.</source>
        <translation>Keine. Einen Abschnitt dieser Spur auswählen, um ihn stummzuschalten oder seine Verstärkung zu ändern.</translation>
    </message>
</context>
<context>
    <name>RemovableList</name>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove what is chosen (Delete)</source>
        <translation>Ausgewähltes entfernen (Entf)</translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>StemDesk came upon an error of its own: {0}</source>
        <translation>StemDesk ist auf einen eigenen Fehler gestoßen: {0}</translation>
    </message>
</context>
<context>
    <name>ReportWindow</name>
    <message>
        <source>Something unexpected happened</source>
        <translation>Etwas Unerwartetes ist passiert</translation>
    </message>
    <message>
        <source>Your project is still open; what was being done may not have been finished. If it happens again, please copy the details into a report, with what you did.</source>
        <translation>Das Projekt ist noch geöffnet; was gerade lief, ist vielleicht nicht fertig geworden. Bei Wiederholung bitte die Details in einen Fehlerbericht kopieren und dazu beschreiben, was vorher geschah.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weitermachen</translation>
    </message>
    <message>
        <source>Close this window (Escape)</source>
        <translation>Dieses Fenster schließen (Esc)</translation>
    </message>
</context>
<context>
    <name>ResidualBands</name>
    <message>
        <source>Residual by octave</source>
        <translation>Differenz je Oktave</translation>
    </message>
</context>
<context>
    <name>ResidualStrip</name>
    <message>
        <source>Residual by second</source>
        <translation>Differenz je Sekunde</translation>
    </message>
    <message>
        <source> (click to go there)</source>
        <translation> (Klick springt dorthin)</translation>
    </message>
</context>
<context>
    <name>ResultJoint</name>
    <message>
        <source>Measuring…</source>
        <translation>Wird gemessen…</translation>
    </message>
    <message>
        <source>{title}, {percent} %</source>
        <translation>{title}, {percent} %</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Wird gespeichert…</translation>
    </message>
    <message>
        <source>{model} is in the list of models now.</source>
        <translation>{model} steht jetzt in der Liste der Modelle.</translation>
    </message>
</context>
<context>
    <name>ResultPage</name>
    <message>
        <source>Scores of the base and the new model</source>
        <translation>Werte des Grundmodells und des neuen Modells</translation>
    </message>
    <message>
        <source>SDR in dB</source>
        <translation>SDR in dB</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Grundmodell</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>Separate with this model</source>
        <translation>Mit diesem Modell trennen</translation>
    </message>
    <message>
        <source>From now on songs are taken apart by the new model</source>
        <translation>Von jetzt an werden Songs mit dem neuen Modell getrennt</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>SDR between the base and the new model</source>
        <translation>SDR zwischen Grundmodell und neuem Modell</translation>
    </message>
    <message>
        <source>{step} % new</source>
        <translation>{step} % neu</translation>
    </message>
    <message>
        <source>Share of the new model, in per cent</source>
        <translation>Anteil des neuen Modells in Prozent</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Score the models between the base and the new one</source>
        <translation>Die Modelle zwischen Grundmodell und neuem Modell messen</translation>
    </message>
    <message>
        <source>Save this blend</source>
        <translation>Diese Mischung speichern</translation>
    </message>
    <message>
        <source>Your songs</source>
        <translation>Eigene Songs</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Grenze</translation>
    </message>
    <message>
        <source>Nothing has been measured yet.</source>
        <translation>Es wurde noch nichts gemessen.</translation>
    </message>
    <message>
        <source>{percent} % of the new model</source>
        <translation>{percent} % des neuen Modells</translation>
    </message>
    <message>
        <source>{change} dB on your songs</source>
        <translation>{change} dB bei den eigenen Songs</translation>
    </message>
    <message>
        <source>{change} dB on the reference set</source>
        <translation>{change} dB beim Referenzmaterial</translation>
    </message>
    <message>
        <source>about {scores}</source>
        <translation>etwa {scores}</translation>
    </message>
    <message>
        <source>Nothing has been trained yet.</source>
        <translation>Es wurde noch nichts trainiert.</translation>
    </message>
    <message>
        <source>Choose a blend below that keeps more of the base model, and save it.</source>
        <translation>Unten lässt sich eine Mischung wählen und speichern, die mehr vom Grundmodell behält.</translation>
    </message>
    <message>
        <source>{title} is finished, and in the list of models.</source>
        <translation>{title} ist fertig und steht in der Liste der Modelle.</translation>
    </message>
    <message>
        <source>{title} was stopped.</source>
        <translation>{title} wurde angehalten.</translation>
    </message>
    <message>
        <source>It can be gone on with, or used as a blend as it is.</source>
        <translation>Es kann weitergehen, oder der Stand lässt sich als Mischung nutzen.</translation>
    </message>
    <message>
        <source>{title} is still being trained.</source>
        <translation>{title} wird noch trainiert.</translation>
    </message>
    <message>
        <source>Mean of your songs</source>
        <translation>Mittel der eigenen Songs</translation>
    </message>
    <message>
        <source>Mean of the reference set</source>
        <translation>Mittel des Referenzmaterials</translation>
    </message>
    <message>
        <source>Between the base and the new model</source>
        <translation>Zwischen Grundmodell und neuem Modell</translation>
    </message>
</context>
<context>
    <name>Ruler</name>
    <message>
        <source>Ruler</source>
        <translation>Lineal</translation>
    </message>
    <message>
        <source>Click: play from here. Drag: loop. Double click: marker, or rename one.</source>
        <translation>Klick: ab hier wiedergeben. Ziehen: Loop. Doppelklick: Marker setzen oder umbenennen.</translation>
    </message>
    <message>
        <source>Name of the marker</source>
        <translation>Name des Markers</translation>
    </message>
</context>
<context>
    <name>RunPage</name>
    <message>
        <source>Loss over the steps</source>
        <translation>Verlust über die Schritte</translation>
    </message>
    <message>
        <source>SDR of each stem on your songs</source>
        <translation>SDR jedes Stems bei den eigenen Songs</translation>
    </message>
    <message>
        <source>Mean SDR on the reference set</source>
        <translation>Mittlere SDR beim Referenzmaterial</translation>
    </message>
    <message>
        <source>What happened on the way</source>
        <translation>Was unterwegs geschah</translation>
    </message>
    <message>
        <source>Nothing is being trained yet.</source>
        <translation>Es wird noch nichts trainiert.</translation>
    </message>
    <message>
        <source>Not measured yet.</source>
        <translation>Noch nicht gemessen.</translation>
    </message>
    <message>
        <source>Step {step}: {text}</source>
        <translation>Schritt {step}: {text}</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Trains on</source>
        <translation>Trainiert auf</translation>
    </message>
    <message>
        <source>Waiting for data</source>
        <translation>Warten auf Daten</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>Gain on your songs</source>
        <translation>Gewinn bei den eigenen Songs</translation>
    </message>
    <message>
        <source>Reference set: what must not be forgotten</source>
        <translation>Referenzmaterial: was nicht verlernt werden darf</translation>
    </message>
    <message>
        <source>SDR on your held-out songs; dashed: the base model</source>
        <translation>SDR bei zurückgelegten eigenen Songs; gestrichelt: das Grundmodell</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
</context>
<context>
    <name>Scrolling</name>
    <message>
        <source>Scroll along the song</source>
        <translation>Durch den Song blättern</translation>
    </message>
    <message>
        <source>Scroll through the lanes</source>
        <translation>Durch die Spuren blättern</translation>
    </message>
</context>
<context>
    <name>Seal</name>
    <message>
        <source>Null</source>
        <translation>Nulltest</translation>
    </message>
</context>
<context>
    <name>SeparationDialog</name>
    <message>
        <source>Separate with options</source>
        <translation>Trennen mit Optionen</translation>
    </message>
    <message>
        <source>Let the model learn from this song first</source>
        <translation>Das Modell zuerst von diesem Song lernen lassen</translation>
    </message>
    <message>
        <source>Separate</source>
        <translation>Trennen</translation>
    </message>
    <message>
        <source>It learns these voices and instruments from remixes of what it finds, for about a minute, or seconds on a graphics card. What it finds in the song, it then finds more of; what it is wrong about may get worse.</source>
        <translation>Es lernt diese Stimmen und Instrumente aus Remixen dessen, was es findet, etwa eine Minute lang, auf einer Grafikkarte Sekunden. Was es im Song findet, findet es danach vollständiger; wo es irrt, irrt es vielleicht mehr.</translation>
    </message>
    <message>
        <source>The chosen model cannot learn from a song.</source>
        <translation>Das gewählte Modell kann nicht von einem Song lernen.</translation>
    </message>
    <message>
        <source>Where a stem lacks what another one has, let it take more of what they share, or the other one less. 6 dB doubles a stem&apos;s weight; with more of it comes more of the others. The stems still sum to the song.</source>
        <translation>Was einem Stem fehlt und ein anderer hat: den einen mehr von dem nehmen lassen, was beide teilen, oder den anderen weniger. 6 dB verdoppeln das Gewicht eines Stems; mit dem Mehr kommt auch mehr von den anderen hinein. Die Stems ergeben zusammen weiterhin den Song.</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>NVIDIA GPU</source>
        <translation>NVIDIA-GPU</translation>
    </message>
    <message>
        <source>Apple GPU</source>
        <translation>Apple-GPU</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>Automatic (not known yet)</source>
        <translation>Automatisch (noch nicht bekannt)</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Automatic (now: {0})</source>
        <translation>Automatisch (zurzeit: {0})</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>noch nicht bekannt</translation>
    </message>
    <message>
        <source>{0} (not found)</source>
        <translation>{0} (nicht gefunden)</translation>
    </message>
    <message>
        <source>As the system has it</source>
        <translation>Wie im System</translation>
    </message>
    <message>
        <source>None: play silently</source>
        <translation>Keine: lautlos wiedergeben</translation>
    </message>
    <message>
        <source>{0} (not connected)</source>
        <translation>{0} (nicht verbunden)</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Compute on</source>
        <translation>Rechnen auf</translation>
    </message>
    <message>
        <source>Separate songs as soon as they are opened</source>
        <translation>Songs gleich nach dem Öffnen trennen</translation>
    </message>
    <message>
        <source>Sound output</source>
        <translation>Tonausgabe</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Erscheinungsbild</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Folder for projects</source>
        <translation>Ordner für Projekte</translation>
    </message>
    <message>
        <source>your music folder</source>
        <translation>der Musikordner</translation>
    </message>
    <message>
        <source>Folder for exports</source>
        <translation>Ordner für Exporte</translation>
    </message>
    <message>
        <source>beside the song</source>
        <translation>neben dem Song</translation>
    </message>
    <message>
        <source>As the system has it</source>
        <translation>Wie im System</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Processor threads</source>
        <translation>Prozessor-Threads</translation>
    </message>
    <message>
        <source>All physical cores</source>
        <translation>Alle physischen Kerne</translation>
    </message>
    <message>
        <source>Threads that separate on the processor; 0 for all cores</source>
        <translation>Threads, die auf dem Prozessor trennen; 0 für alle Kerne</translation>
    </message>
    <message>
        <source>Separation</source>
        <translation>Trennung</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Ton</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>Looks</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>A new language is used from the next start on.</source>
        <translation>Eine neue Sprache gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Folders that are offered</source>
        <translation>Vorgeschlagene Ordner</translation>
    </message>
    <message>
        <source>Projects</source>
        <translation>Projekte</translation>
    </message>
    <message>
        <source>Exports</source>
        <translation>Exporte</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>No action or key is called that.</source>
        <translation>Keine Aktion und keine Taste heißt so.</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>Drucken…</translation>
    </message>
    <message>
        <source>or</source>
        <translation>oder</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search actions and keys</source>
        <translation>Aktionen und Tasten suchen</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
</context>
<context>
    <name>SongJoint</name>
    <message>
        <source>{count} of these songs are repaired copies in {folder}.</source>
        <translation>{count} dieser Songs sind reparierte Kopien in {folder}.</translation>
    </message>
</context>
<context>
    <name>SongPicture</name>
    <message>
        <source>Waveforms of the song&apos;s stems</source>
        <translation>Wellenformen der Stems</translation>
    </message>
</context>
<context>
    <name>SongTable</name>
    <message>
        <source>Songs to train on</source>
        <translation>Songs zum Trainieren</translation>
    </message>
    <message>
        <source>Song</source>
        <translation>Song</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>Stems</source>
        <translation>Stems</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>A folder for each song, and in it a file for each stem:
vocals, drums, bass and other, or names that say so,
and the finished mix if there is one.</source>
        <translation>Ein Ordner für jeden Song, darin eine Datei für jeden Stem:
Vocals, Drums, Bass und Other, oder Namen, die es sagen,
und der fertige Mix, wenn es einen gibt.</translation>
    </message>
</context>
<context>
    <name>SongTabs</name>
    <message>
        <source>Songs</source>
        <translation>Songs</translation>
    </message>
    <message>
        <source>Double click or F2: rename; drag: put in order</source>
        <translation>Doppelklick oder F2: umbenennen; ziehen: ordnen</translation>
    </message>
</context>
<context>
    <name>Songs</name>
    <message>
        <source>Rename song</source>
        <translation>Song umbenennen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Move song</source>
        <translation>Song verschieben</translation>
    </message>
    <message>
        <source>Remove song</source>
        <translation>Song entfernen</translation>
    </message>
    <message>
        <source>The song is still being measured.</source>
        <translation>Der Song wird noch gemessen.</translation>
    </message>
    <message>
        <source>No steady tempo was found; tap it with T.</source>
        <translation>Kein gleichmäßiges Tempo gefunden; mit T tippen.</translation>
    </message>
    <message>
        <source>Find tempo</source>
        <translation>Tempo ermitteln</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>The model gives {song} other stems. Levels, effects, automation and regions of {strips} would be gone.</source>
        <translation>Das Modell zerlegt {song} in andere Stems. Pegel, Effekte, Automation und Bereiche von {strips} wären verloren.</translation>
    </message>
    <message>
        <source>Undo brings them back.</source>
        <translation>„Rückgängig“ bringt sie zurück.</translation>
    </message>
    <message>
        <source>Other stems</source>
        <translation>Andere Stems</translation>
    </message>
    <message>
        <source>Separate</source>
        <translation>Trennen</translation>
    </message>
</context>
<context>
    <name>SongsPage</name>
    <message>
        <source>Drop a folder of songs in stems here</source>
        <translation>Hier einen Ordner mit Songs in Stems ablegen</translation>
    </message>
    <message>
        <source>Folder of songs</source>
        <translation>Ordner mit Songs</translation>
    </message>
    <message>
        <source>Choose folder…</source>
        <translation>Ordner wählen…</translation>
    </message>
    <message>
        <source>A folder with a folder for each song, and its stems in it</source>
        <translation>Ein Ordner mit einem Ordner für jeden Song, darin dessen Stems</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Neu prüfen</translation>
    </message>
    <message>
        <source>Look at the songs once more</source>
        <translation>Die Songs noch einmal ansehen</translation>
    </message>
    <message>
        <source>Listen, too</source>
        <translation>Auch hören</translation>
    </message>
    <message>
        <source>A model hears whether each stem is what it is called; this takes long</source>
        <translation>Ein Modell hört, ob jeder Stem ist, wie er heißt; das dauert lange</translation>
    </message>
    <message>
        <source>Progress of the check</source>
        <translation>Fortschritt der Prüfung</translation>
    </message>
    <message>
        <source>What is checked</source>
        <translation>Was geprüft wird</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Take all</source>
        <translation>Alle nehmen</translation>
    </message>
    <message>
        <source>All that are fit</source>
        <translation>Alle, die taugen</translation>
    </message>
    <message>
        <source>Take none</source>
        <translation>Keine nehmen</translation>
    </message>
    <message>
        <source>Fix all into copies…</source>
        <translation>Alle als Kopien reparieren…</translation>
    </message>
    <message>
        <source>Write repaired copies of all fixable songs; the originals stay as they are</source>
        <translation>Von allen reparierbaren Songs reparierte Kopien schreiben; die Originale bleiben, wie sie sind</translation>
    </message>
    <message>
        <source>Song</source>
        <translation>Song</translation>
    </message>
    <message>
        <source>What the doctor says</source>
        <translation>Was der Doktor sagt</translation>
    </message>
    <message>
        <source>Nothing to say against it.</source>
        <translation>Nichts spricht dagegen.</translation>
    </message>
    <message>
        <source>Fix into a copy…</source>
        <translation>Als Kopie reparieren…</translation>
    </message>
    <message>
        <source>Write a repaired copy of this song; the original stays as it is</source>
        <translation>Eine reparierte Kopie dieses Songs schreiben; das Original bleibt, wie es ist</translation>
    </message>
    <message>
        <source>Folder of songs in stems</source>
        <translation>Ordner mit Songs in Stems</translation>
    </message>
    <message>
        <source>Folder for the repaired copies</source>
        <translation>Ordner für die reparierten Kopien</translation>
    </message>
    <message>
        <source>Drop a folder of songs in stems here, or choose one.</source>
        <translation>Hier einen Ordner mit Songs in Stems ablegen, oder einen wählen.</translation>
    </message>
    <message>
        <source>{count} of {all} songs taken, {length}</source>
        <translation>{count} von {all} Songs genommen, {length}</translation>
    </message>
    <message>
        <source>No song is chosen</source>
        <translation>Kein Song gewählt</translation>
    </message>
</context>
<context>
    <name>StepDots</name>
    <message>
        <source>Step {0} of {1}</source>
        <translation>Schritt {0} von {1}</translation>
    </message>
</context>
<context>
    <name>StripView</name>
    <message>
        <source>Click: hear it with the other soloed stems. Ctrl+click: hear it alone. Ctrl+Shift+click: all alike</source>
        <translation>Klick: zusammen mit den anderen Solo-Stems hören. Strg+Klick: allein hören. Strg+Umschalt+Klick: alle gleich</translation>
    </message>
    <message>
        <source>Click to turn over. Ctrl+Shift+click: all stems alike</source>
        <translation>Klick schaltet um. Strg+Umschalt+Klick: alle Stems gleich</translation>
    </message>
</context>
<context>
    <name>Switch</name>
    <message>
        <source>Click, or Space, to turn over</source>
        <translation>Klick oder Leertaste schaltet um</translation>
    </message>
</context>
<context>
    <name>SyncForm</name>
    <message>
        <source>Follow</source>
        <translation>Folgen</translation>
    </message>
    <message>
        <source>From port</source>
        <translation>Von Port</translation>
    </message>
    <message>
        <source>Time code at which the song begins</source>
        <translation>Timecode, bei dem der Song beginnt</translation>
    </message>
    <message>
        <source>Time code at which the song begins, such as 1:00:00 (hours:minutes:seconds)</source>
        <translation>Timecode, bei dem der Song beginnt, etwa 1:00:00 (Stunden:Minuten:Sekunden)</translation>
    </message>
    <message>
        <source>Song begins at</source>
        <translation>Song beginnt bei</translation>
    </message>
    <message>
        <source>{0} (not connected)</source>
        <translation>{0} (nicht verbunden)</translation>
    </message>
</context>
<context>
    <name>TagFields</name>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Artist</source>
        <translation>Interpret</translation>
    </message>
    <message>
        <source>Album</source>
        <translation>Album</translation>
    </message>
    <message>
        <source>Year</source>
        <translation>Jahr</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Muted</source>
        <translation>Stumm</translation>
    </message>
    <message>
        <source>Mixture</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>Summe</translation>
    </message>
    <message>
        <source>Residual</source>
        <translation>Differenz</translation>
    </message>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
</context>
<context>
    <name>TimelineFrame</name>
    <message>
        <source>Timeline</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>No song</source>
        <translation>Kein Song</translation>
    </message>
    <message>
        <source>{0}, playhead at {1}</source>
        <translation>{0}, Abspielposition {1}</translation>
    </message>
    <message>
        <source>, selected from {0} to {1}</source>
        <translation>, ausgewählt von {0} bis {1}</translation>
    </message>
</context>
<context>
    <name>TomlEditor</name>
    <message>
        <source>Recipe as TOML</source>
        <translation>Rezept als TOML</translation>
    </message>
</context>
<context>
    <name>TrainerWindow</name>
    <message>
        <source>Train a model – StemDesk</source>
        <translation>Modell trainieren – StemDesk</translation>
    </message>
    <message>
        <source>Steps of the training</source>
        <translation>Stufen des Trainings</translation>
    </message>
    <message>
        <source>1  Songs</source>
        <translation>1  Songs</translation>
    </message>
    <message>
        <source>2  Recipe</source>
        <translation>2  Rezept</translation>
    </message>
    <message>
        <source>3  Training</source>
        <translation>3  Training</translation>
    </message>
    <message>
        <source>4  Listen</source>
        <translation>4  Hören</translation>
    </message>
    <message>
        <source>5  Result</source>
        <translation>5  Ergebnis</translation>
    </message>
</context>
<context>
    <name>Training</name>
    <message>
        <source>Loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>{stem}, base</source>
        <translation>{stem}, Grundm.</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Grundmodell</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Grenze</translation>
    </message>
    <message>
        <source>A model is being trained</source>
        <translation>Ein Modell wird trainiert</translation>
    </message>
    <message>
        <source>Quitting stops the training at a checkpoint. At the next start it can be gone on with.</source>
        <translation>Beim Beenden hält das Training mit einem Zwischenstand an. Beim nächsten Start kann es weitergehen.</translation>
    </message>
    <message>
        <source>Stop and quit</source>
        <translation>Anhalten und beenden</translation>
    </message>
    <message>
        <source>Go on training</source>
        <translation>Weitertrainieren</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Noch keine</translation>
    </message>
    <message>
        <source>The recipe has a mistake.</source>
        <translation>Das Rezept hat einen Fehler.</translation>
    </message>
    <message>
        <source>Choose songs to train on first.</source>
        <translation>Zuerst Songs zum Trainieren wählen.</translation>
    </message>
    <message>
        <source>The recipe is being made.</source>
        <translation>Das Rezept entsteht gerade.</translation>
    </message>
    <message>
        <source>Training was interrupted</source>
        <translation>Training unterbrochen</translation>
    </message>
    <message>
        <source>The training of {title} was interrupted. Go on from its last checkpoint?</source>
        <translation>Das Training von {title} wurde unterbrochen. Vom letzten Zwischenstand an weitertrainieren?</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Jetzt nicht</translation>
    </message>
    <message>
        <source>Give it up</source>
        <translation>Aufgeben</translation>
    </message>
    <message>
        <source>{title} is finished, and in the list of models.</source>
        <translation>{title} ist fertig und steht in der Liste der Modelle.</translation>
    </message>
    <message>
        <source>Songs are separated by {model} now.</source>
        <translation>Songs werden jetzt mit {model} getrennt.</translation>
    </message>
</context>
<context>
    <name>TransportBar</name>
    <message>
        <source>Transport</source>
        <translation>Transport</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>Position</translation>
    </message>
    <message>
        <source>Bar, beat and sixteenth</source>
        <translation>Takt, Schlag und Sechzehntel</translation>
    </message>
    <message>
        <source>Short-term loudness of the mix</source>
        <translation>Kurzzeitige Lautheit des Mix</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>What separates</source>
        <translation>Was trennt</translation>
    </message>
    <message>
        <source>Tempo in beats a minute</source>
        <translation>Tempo in Schlägen pro Minute</translation>
    </message>
    <message>
        <source>Tempo, beats a minute (T to tap)</source>
        <translation>Tempo, Schläge pro Minute (mit T tippen)</translation>
    </message>
    <message>
        <source>Metre</source>
        <translation>Taktart</translation>
    </message>
    <message>
        <source>Beats in a bar</source>
        <translation>Schläge im Takt</translation>
    </message>
    <message>
        <source>A | B</source>
        <translation>A | B</translation>
    </message>
    <message>
        <source>original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>mix</source>
        <translation>Mix</translation>
    </message>
</context>
<context>
    <name>Value</name>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} bis {1}</translation>
    </message>
    <message>
        <source>A number, please</source>
        <translation>Bitte eine Zahl</translation>
    </message>
    <message>
        <source>In {0}, please</source>
        <translation>Bitte in {0}</translation>
    </message>
    <message>
        <source>A number without a unit, please</source>
        <translation>Bitte eine Zahl ohne Einheit</translation>
    </message>
    <message>
        <source>C</source>
        <translation>C</translation>
    </message>
    <message>
        <source>L</source>
        <translation>L</translation>
    </message>
    <message>
        <source>R</source>
        <translation>R</translation>
    </message>
</context>
<context>
    <name>Verdict</name>
    <message>
        <source>pass</source>
        <translation>gut</translation>
    </message>
    <message>
        <source>fixable</source>
        <translation>reparierbar</translation>
    </message>
    <message>
        <source>reject</source>
        <translation>untauglich</translation>
    </message>
    <message>
        <source>note</source>
        <translation>Hinweis</translation>
    </message>
</context>
<context>
    <name>Watching</name>
    <message>
        <source>{folder} cannot be shown.</source>
        <translation>{folder} lässt sich nicht anzeigen.</translation>
    </message>
    <message>
        <source>Separating {song}: {forecast}</source>
        <translation>Trennen von {song}: {forecast}</translation>
    </message>
    <message>
        <source>Separating a minute of music: {forecast}</source>
        <translation>Trennen einer Minute Musik: {forecast}</translation>
    </message>
    <message>
        <source>the fastest device there is, once the model is loaded</source>
        <translation>das schnellste Gerät, sobald das Modell geladen ist</translation>
    </message>
    <message>
        <source>{device} (chosen in the settings)</source>
        <translation>{device} (in den Einstellungen gewählt)</translation>
    </message>
    <message>
        <source>Computed by: {device}</source>
        <translation>Es rechnet: {device}</translation>
    </message>
    <message>
        <source>buffer {0} ms</source>
        <translation>Puffer {0} ms</translation>
    </message>
    <message>
        <source>load {percent} %</source>
        <translation>Last {percent} %</translation>
    </message>
    <message>
        <source>under-runs: {count}</source>
        <translation>Aussetzer: {count}</translation>
    </message>
    <message>
        <source>read-only: nothing is saved here</source>
        <translation>schreibgeschützt: hier wird nichts gesichert</translation>
    </message>
    <message>
        <source>not saved: {problem}</source>
        <translation>nicht gesichert: {problem}</translation>
    </message>
    <message>
        <source>autosaved {seconds} s ago</source>
        <translation>automatisch gesichert vor {seconds} s</translation>
    </message>
</context>
<context>
    <name>WelcomeDialog</name>
    <message>
        <source>Welcome to StemDesk</source>
        <translation>Willkommen bei StemDesk</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <source>Close (Escape)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>A finished mix, taken apart</source>
        <translation>Ein fertiger Mix, zerlegt</translation>
    </message>
    <message>
        <source>StemDesk takes a song apart into vocals, drums, bass and other. Mix them anew, mute what you want to sing or play yourself, and export. The stems sum to the song again, sample for sample, and the Null panel proves it.</source>
        <translation>StemDesk zerlegt einen Song in Gesang, Drums, Bass und Übriges: zum neu Mischen, zum Stummschalten dessen, was selbst gesungen oder gespielt werden soll, und zum Exportieren. Die Summe der Stems ist wieder der Song, Sample für Sample, und der Nulltest beweist es.</translation>
    </message>
    <message>
        <source>As the system has it</source>
        <translation>Wie im System</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Sound output</source>
        <translation>Tonausgabe</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Erscheinungsbild</translation>
    </message>
    <message>
        <source>Looks and sound</source>
        <translation>Aussehen und Ton</translation>
    </message>
    <message>
        <source>Both can be changed at any time in the settings.</source>
        <translation>Beides lässt sich jederzeit in den Einstellungen ändern.</translation>
    </message>
    <message>
        <source>Drop a song here</source>
        <translation>Song hierher ziehen</translation>
    </message>
    <message>
        <source>Try the demo song</source>
        <translation>Demo-Song ausprobieren</translation>
    </message>
    <message>
        <source>Open a song…</source>
        <translation>Song öffnen…</translation>
    </message>
    <message>
        <source>A song to begin with</source>
        <translation>Ein Song für den Anfang</translation>
    </message>
    <message>
        <source>You hear the stems after a few seconds, while the rest is still being separated.</source>
        <translation>Die Stems sind nach wenigen Sekunden zu hören, während der Rest noch getrennt wird.</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>en</source>
        <translation>de</translation>
    </message>
    <message>
        <source>Vocals</source>
        <translation>Gesang</translation>
    </message>
    <message>
        <source>Drums</source>
        <translation>Drums</translation>
    </message>
    <message>
        <source>Bass</source>
        <translation>Bass</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Übriges</translation>
    </message>
    <message>
        <source>Master</source>
        <translation>Master</translation>
    </message>
    <message>
        <source>Mix</source>
        <translation>Mix</translation>
    </message>
    <message>
        <source>Mixture</source>
        <translation>Mix</translation>
    </message>
    <message>
        <source>Instrumental</source>
        <translation>Instrumental</translation>
    </message>
    <message>
        <source>Pitch</source>
        <translation>Tonhöhe</translation>
    </message>
    <message>
        <source>Gate</source>
        <translation>Gate</translation>
    </message>
    <message>
        <source>Equaliser</source>
        <translation>Equalizer</translation>
    </message>
    <message>
        <source>Compressor</source>
        <translation>Kompressor</translation>
    </message>
    <message>
        <source>Vocal rider</source>
        <translation>Gesangsautomatik</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>Delay</translation>
    </message>
    <message>
        <source>Reverb</source>
        <translation>Hall</translation>
    </message>
    <message>
        <source>Limiter</source>
        <translation>Limiter</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Pegel</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>Panorama</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Stumm</translation>
    </message>
    <message>
        <source>Solo</source>
        <translation>Solo</translation>
    </message>
    <message>
        <source>Polarity</source>
        <translation>Polarität</translation>
    </message>
    <message>
        <source>Bypass</source>
        <translation>Bypass</translation>
    </message>
    <message>
        <source>Ceiling</source>
        <translation>Obergrenze</translation>
    </message>
    <message>
        <source>Semitones</source>
        <translation>Halbtöne</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>Ratio</source>
        <translation>Ratio</translation>
    </message>
    <message>
        <source>Attack</source>
        <translation>Attack</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>Release</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Make-up</source>
        <translation>Make-up</translation>
    </message>
    <message>
        <source>High-pass</source>
        <translation>Hochpass</translation>
    </message>
    <message>
        <source>Low shelf</source>
        <translation>Tiefen</translation>
    </message>
    <message>
        <source>Low shelf from</source>
        <translation>Tiefen bis</translation>
    </message>
    <message>
        <source>Bell</source>
        <translation>Glocke</translation>
    </message>
    <message>
        <source>Bell at</source>
        <translation>Glocke bei</translation>
    </message>
    <message>
        <source>Bell Q</source>
        <translation>Glocke Q</translation>
    </message>
    <message>
        <source>High shelf</source>
        <translation>Höhen</translation>
    </message>
    <message>
        <source>High shelf from</source>
        <translation>Höhen ab</translation>
    </message>
    <message>
        <source>Low-pass</source>
        <translation>Tiefpass</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Trägheit</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Feedback</source>
        <translation>Feedback</translation>
    </message>
    <message>
        <source>Tone</source>
        <translation>Klang</translation>
    </message>
    <message>
        <source>Ping-pong</source>
        <translation>Ping-Pong</translation>
    </message>
    <message>
        <source>Decay</source>
        <translation>Abklingzeit</translation>
    </message>
    <message>
        <source>Damping</source>
        <translation>Dämpfung</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Pre-delay</source>
        <translation>Pre-Delay</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Wiedergabe</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Rewind</source>
        <translation>Zurückspulen</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>Vorspulen</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>Loop</translation>
    </message>
    <message>
        <source>open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>separate</source>
        <translation>Trennen</translation>
    </message>
    <message>
        <source>measure</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>null</source>
        <translation>Nulltest</translation>
    </message>
    <message>
        <source>save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>look</source>
        <translation>Untersuchen</translation>
    </message>
    <message>
        <source>scan</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>load</source>
        <translation>Laden</translation>
    </message>
    <message>
        <source>show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>restart</source>
        <translation>Neu starten</translation>
    </message>
    <message>
        <source>train</source>
        <translation>trainieren</translation>
    </message>
    <message>
        <source>check</source>
        <translation>prüfen</translation>
    </message>
    <message>
        <source>repair</source>
        <translation>reparieren</translation>
    </message>
    <message>
        <source>draft</source>
        <translation>entwerfen</translation>
    </message>
    <message>
        <source>blend</source>
        <translation>mischen</translation>
    </message>
    <message>
        <source>opening</source>
        <translation>öffnet</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>lädt</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>liest</translation>
    </message>
    <message>
        <source>decoding</source>
        <translation>dekodiert</translation>
    </message>
    <message>
        <source>drawing</source>
        <translation>zeichnet</translation>
    </message>
    <message>
        <source>measuring</source>
        <translation>misst</translation>
    </message>
    <message>
        <source>finding the tempo</source>
        <translation>ermittelt das Tempo</translation>
    </message>
    <message>
        <source>adapting</source>
        <translation>lernt vom Song</translation>
    </message>
    <message>
        <source>separating</source>
        <translation>trennt</translation>
    </message>
    <message>
        <source>keeping</source>
        <translation>legt ab</translation>
    </message>
    <message>
        <source>mixing</source>
        <translation>mischt</translation>
    </message>
    <message>
        <source>rendering</source>
        <translation>rechnet</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>schreibt</translation>
    </message>
    <message>
        <source>checking</source>
        <translation>prüft</translation>
    </message>
    <message>
        <source>checking the stems</source>
        <translation>prüft die Stems</translation>
    </message>
    <message>
        <source>proving the null</source>
        <translation>führt den Nulltest durch</translation>
    </message>
    <message>
        <source>Comparing the stems with the mix</source>
        <translation>vergleicht die Stems mit dem Mix</translation>
    </message>
    <message>
        <source>Copying {name}</source>
        <translation>kopiert {name}</translation>
    </message>
    <message>
        <source>Looking in {name}</source>
        <translation>sucht in {name}</translation>
    </message>
    <message>
        <source>Measuring {name}</source>
        <translation>misst {name}</translation>
    </message>
    <message>
        <source>Checking {name}</source>
        <translation>prüft {name}</translation>
    </message>
    <message>
        <source>Reading {name}</source>
        <translation>liest {name}</translation>
    </message>
    <message>
        <source>preparing</source>
        <translation>bereitet vor</translation>
    </message>
    <message>
        <source>training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Open {name}</source>
        <translation>{name} öffnen</translation>
    </message>
    <message>
        <source>Separate again</source>
        <translation>Erneut trennen</translation>
    </message>
    <message>
        <source>control surface</source>
        <translation>Controller</translation>
    </message>
    <message>
        <source>The stems of the project</source>
        <translation>Die Stems des Projekts</translation>
    </message>
    <message>
        <source>The exported file</source>
        <translation>Die exportierte Datei</translation>
    </message>
    <message>
        <source>The exported files</source>
        <translation>Die exportierten Dateien</translation>
    </message>
    <message>
        <source>Faders or pans are moved.</source>
        <translation>Fader oder Panoramaregler sind verstellt.</translation>
    </message>
    <message>
        <source>Stems are muted or soloed.</source>
        <translation>Stems sind stumm oder solo geschaltet.</translation>
    </message>
    <message>
        <source>A polarity is turned.</source>
        <translation>Eine Polarität ist gedreht.</translation>
    </message>
    <message>
        <source>Effects are active.</source>
        <translation>Effekte sind aktiv.</translation>
    </message>
    <message>
        <source>Parameters are automated.</source>
        <translation>Parameter sind automatisiert.</translation>
    </message>
    <message>
        <source>Regions of stems are muted or have another gain.</source>
        <translation>Bereiche von Stems sind stumm oder anders verstärkt.</translation>
    </message>
    <message>
        <source>The limiter&apos;s ceiling is lowered.</source>
        <translation>Die Obergrenze des Limiters ist abgesenkt.</translation>
    </message>
    <message>
        <source>The stems sum to the mix up to the rounding of their samples</source>
        <translation>Die Stems ergeben bis auf die Rundung ihrer Samples den Mix</translation>
    </message>
    <message>
        <source>The stems sum to the mix up to the rounding of their samples after {gain} dB</source>
        <translation>Die Stems ergeben nach {gain} dB bis auf die Rundung ihrer Samples den Mix</translation>
    </message>
    <message>
        <source>The stems do not sum to the mix; second {second} differs most</source>
        <translation>Die Summe der Stems ist nicht der Mix; am meisten weicht Sekunde {second} ab</translation>
    </message>
    <message>
        <source>The stems arrive {count} samples late</source>
        <translation>Die Stems kommen {count} Samples zu spät</translation>
    </message>
    <message>
        <source>The stems arrive {count} samples early</source>
        <translation>Die Stems kommen {count} Samples zu früh</translation>
    </message>
    <message>
        <source>The stems have inverted polarity</source>
        <translation>Die Stems sind verpolt</translation>
    </message>
    <message>
        <source>The stems are {gain} dB too low</source>
        <translation>Die Stems sind um {gain} dB zu leise</translation>
    </message>
    <message>
        <source>The stems are {gain} dB too high</source>
        <translation>Die Stems sind um {gain} dB zu laut</translation>
    </message>
    <message>
        <source>{file} arrives {count} samples late</source>
        <translation>{file} kommt {count} Samples zu spät</translation>
    </message>
    <message>
        <source>{file} arrives {count} samples early</source>
        <translation>{file} kommt {count} Samples zu früh</translation>
    </message>
    <message>
        <source>{file} has inverted polarity</source>
        <translation>{file} ist verpolt</translation>
    </message>
    <message>
        <source>{file} is {gain} dB too low</source>
        <translation>{file} ist um {gain} dB zu leise</translation>
    </message>
    <message>
        <source>{file} is {gain} dB too high</source>
        <translation>{file} ist um {gain} dB zu laut</translation>
    </message>
    <message>
        <source>{file} is {count} samples longer than the mix</source>
        <translation>{file} ist {count} Samples länger als der Mix</translation>
    </message>
    <message>
        <source>{file} is {count} samples shorter than the mix</source>
        <translation>{file} ist {count} Samples kürzer als der Mix</translation>
    </message>
    <message>
        <source>The stems arrive 1 sample late</source>
        <translation>Die Stems kommen 1 Sample zu spät</translation>
    </message>
    <message>
        <source>The stems arrive 1 sample early</source>
        <translation>Die Stems kommen 1 Sample zu früh</translation>
    </message>
    <message>
        <source>{file} arrives 1 sample late</source>
        <translation>{file} kommt 1 Sample zu spät</translation>
    </message>
    <message>
        <source>{file} arrives 1 sample early</source>
        <translation>{file} kommt 1 Sample zu früh</translation>
    </message>
    <message>
        <source>{file} is 1 sample longer than the mix</source>
        <translation>{file} ist 1 Sample länger als der Mix</translation>
    </message>
    <message>
        <source>{file} is 1 sample shorter than the mix</source>
        <translation>{file} ist 1 Sample kürzer als der Mix</translation>
    </message>
    <message>
        <source>{file} is in a lossy format ({format}), which changes its samples</source>
        <translation>{file} hat ein verlustbehaftetes Format ({format}), das die Samples verändert</translation>
    </message>
    <message>
        <source>The song&apos;s file has not been looked at yet.</source>
        <translation>Die Datei des Songs wurde noch nicht untersucht.</translation>
    </message>
    <message>
        <source>The mix is the song, sample for sample.</source>
        <translation>Der Mix ist der Song, Sample für Sample.</translation>
    </message>
    <message>
        <source>The mix is the same stretch of the song, sample for sample.</source>
        <translation>Der Mix ist derselbe Abschnitt des Songs, Sample für Sample.</translation>
    </message>
    <message>
        <source>The stems sum to the song exactly.</source>
        <translation>Die Summe der Stems ist exakt der Song.</translation>
    </message>
    <message>
        <source>The stems sum to the same stretch of the song exactly.</source>
        <translation>Die Summe der Stems ist exakt derselbe Abschnitt des Songs.</translation>
    </message>
    <message>
        <source>The {lane} and the {stem} as separated sum to the song exactly.</source>
        <translation>Die Summe aus „{lane}“ und „{stem}“ wie getrennt ist exakt der Song.</translation>
    </message>
    <message>
        <source>The {lane} and the {stem} as separated sum to the same stretch of the song exactly.</source>
        <translation>Die Summe aus „{lane}“ und „{stem}“ wie getrennt ist exakt derselbe Abschnitt des Songs.</translation>
    </message>
    <message>
        <source>The mix is exported as it is heard, with the {stem} muted.</source>
        <translation>Der Mix wird exportiert, wie er zu hören ist, mit „{stem}“ stummgeschaltet.</translation>
    </message>
    <message>
        <source>The stems sum to the mix before the master, not to the song.</source>
        <translation>Die Summe der Stems ist der Mix vor dem Master, nicht der Song.</translation>
    </message>
    <message>
        <source>Not exported: {names}.</source>
        <translation>Nicht exportiert: {names}.</translation>
    </message>
    <message>
        <source>The loudness is brought to {loudness} LUFS.</source>
        <translation>Die Lautheit wird auf {loudness} LUFS gebracht.</translation>
    </message>
    <message>
        <source>{format} is lossy: what is heard is not what was written.</source>
        <translation>{format} ist verlustbehaftet: zu hören ist nicht, was geschrieben wurde.</translation>
    </message>
    <message>
        <source>The mixer works in 32-bit float, which cannot hold every value of this song.</source>
        <translation>Der Mixer arbeitet mit 32 Bit Float, was nicht jeden Wert dieses Songs fasst.</translation>
    </message>
    <message>
        <source>{samples} cannot hold every value of this song.</source>
        <translation>{samples} fassen nicht jeden Wert dieses Songs.</translation>
    </message>
    <message>
        <source>{samples} cannot hold every value of the {stem}.</source>
        <translation>{samples} fassen nicht jeden Wert von „{stem}“.</translation>
    </message>
    <message>
        <source>Common gain applied ({gain} dB).</source>
        <translation>Gemeinsame Verstärkung angewandt ({gain} dB).</translation>
    </message>
    <message>
        <source>Effects sound on for {seconds} s after the song; this part is not compared.</source>
        <translation>Effekte klingen {seconds} s nach dem Song weiter; dieser Teil wird nicht verglichen.</translation>
    </message>
    <message>
        <source>The song is mono: it was compared with both sides.</source>
        <translation>Der Song ist mono: Er wurde mit beiden Seiten verglichen.</translation>
    </message>
    <message>
        <source>{names}: there already, and left as found.</source>
        <translation>{names}: schon vorhanden und unverändert gelassen.</translation>
    </message>
    <message>
        <source>16 bits</source>
        <translation>16 Bit</translation>
    </message>
    <message>
        <source>24 bits</source>
        <translation>24 Bit</translation>
    </message>
    <message>
        <source>32-bit float</source>
        <translation>32 Bit Float</translation>
    </message>
    <message>
        <source>Peaks were limited by up to {reduction} dB.</source>
        <translation>Spitzen wurden um bis zu {reduction} dB begrenzt.</translation>
    </message>
    <message>
        <source>The {lane} is silent.</source>
        <translation>„{lane}“ ist still.</translation>
    </message>
    <message>
        <source>A stem rises above full scale, so all were written as {bits}-bit float.</source>
        <translation>Ein Stem überschreitet die Vollaussteuerung, daher wurden alle mit {bits} Bit Float geschrieben.</translation>
    </message>
    <message>
        <source>The {tag} tag is too long for {format}, so only its first {count} bytes were written.</source>
        <translation>Das Tag {tag} ist zu lang für {format}, deshalb wurden nur seine ersten {count} Bytes geschrieben.</translation>
    </message>
    <message>
        <source>Ogg cannot say where the channels of this song belong; players take the usual layout.</source>
        <translation>Ogg kann nicht angeben, wohin die Kanäle dieses Songs gehören; Player nehmen die übliche Anordnung.</translation>
    </message>
    <message>
        <source>{format} raises the true peak to {peak} dBTP.</source>
        <translation>{format} hebt den True Peak auf {peak} dBTP.</translation>
    </message>
    <message>
        <source>{count} physical cores, always there</source>
        <translation>{count} physische Kerne, immer verfügbar</translation>
    </message>
    <message>
        <source>{count} physical cores, always there: {reason}</source>
        <translation>{count} physische Kerne, immer verfügbar: {reason}</translation>
    </message>
    <message>
        <source>this build of torch is CPU-only</source>
        <translation>diese Version von torch rechnet nur auf dem Prozessor</translation>
    </message>
    <message>
        <source>no GPU, or its driver is missing</source>
        <translation>keine GPU, oder ihr Treiber fehlt</translation>
    </message>
    <message>
        <source>the driver of the GPU is too old for this build of torch; update it</source>
        <translation>der Treiber der GPU ist zu alt für diese Version von torch; bitte aktualisieren</translation>
    </message>
    <message>
        <source>only in builds of torch for macOS</source>
        <translation>nur in torch für macOS</translation>
    </message>
    <message>
        <source>no Apple GPU found</source>
        <translation>keine Apple-GPU gefunden</translation>
    </message>
    <message>
        <source>no sound</source>
        <translation>kein Ton</translation>
    </message>
    <message>
        <source>roughly {time}, {memory} MiB</source>
        <translation>etwa {time}, {memory} MiB</translation>
    </message>
    <message>
        <source>The {stem} stem</source>
        <translation>Die Spur {stem}</translation>
    </message>
    <message>
        <source>the {stem} stem</source>
        <translation>der Spur {stem}</translation>
    </message>
    <message>
        <source>The mixture</source>
        <translation>Der Mix</translation>
    </message>
    <message>
        <source>the mixture</source>
        <translation>des Mixes</translation>
    </message>
    <message>
        <source>{who} has an offset (DC) of {level} dBFS.</source>
        <translation>{who} hat einen Gleichanteil (DC) von {level} dBFS.</translation>
    </message>
    <message>
        <source>{who} is clipped in {count} places.</source>
        <translation>{who} ist an {count} Stellen übersteuert.</translation>
    </message>
    <message>
        <source>The {stem} stem is silent.</source>
        <translation>Die Spur {stem} ist still.</translation>
    </message>
    <message>
        <source>The mixture is silent.</source>
        <translation>Der Mix ist still.</translation>
    </message>
    <message>
        <source>{who} sounds in {share} % of the song only.</source>
        <translation>{who} klingt nur in {share} % des Songs.</translation>
    </message>
    <message>
        <source>{who} ends at {khz} kHz: it was encoded or resampled.</source>
        <translation>{who} endet bei {khz} kHz: kodiert oder umgetastet.</translation>
    </message>
    <message>
        <source>Both channels of {who} are the same: it is mono.</source>
        <translation>Beide Kanäle {who} sind gleich: mono.</translation>
    </message>
    <message>
        <source>{who} has {hz} Hz, the rest {others} Hz.</source>
        <translation>{who} hat {hz} Hz, der Rest {others} Hz.</translation>
    </message>
    <message>
        <source>{who} has {count} channels, the rest {others}.</source>
        <translation>{who} hat {count} Kanäle, der Rest {others}.</translation>
    </message>
    <message>
        <source>{who} is {seconds} s longer than the rest.</source>
        <translation>{who} ist {seconds} s länger als der Rest.</translation>
    </message>
    <message>
        <source>{who} is {seconds} s shorter than the rest.</source>
        <translation>{who} ist {seconds} s kürzer als der Rest.</translation>
    </message>
    <message>
        <source>{who} must be multiplied by {gain} to be as in the mixture.</source>
        <translation>{who} muss mit {gain} multipliziert werden, um wie im Mix zu sein.</translation>
    </message>
    <message>
        <source>The mixture was mastered or encoded: the stems&apos; sum is {level} dB from it. Train on their sum.</source>
        <translation>Der Mix wurde gemastert oder kodiert: Die Summe der Stems weicht um {level} dB ab. Zum Trainieren taugt die Summe.</translation>
    </message>
    <message>
        <source>Something of the mixture is in none of the stems: it lies {level} dB below it.</source>
        <translation>Etwas vom Mix ist in keinem der Stems: Es liegt {level} dB darunter.</translation>
    </message>
    <message>
        <source>{who} comes {count} frames ({ms} ms) late.</source>
        <translation>{who} kommt {count} Samples ({ms} ms) zu spät.</translation>
    </message>
    <message>
        <source>{who} comes {count} frames ({ms} ms) early.</source>
        <translation>{who} kommt {count} Samples ({ms} ms) zu früh.</translation>
    </message>
    <message>
        <source>{who} comes {count} frames ({ms} ms) late and upside down.</source>
        <translation>{who} kommt {count} Samples ({ms} ms) zu spät und verpolt.</translation>
    </message>
    <message>
        <source>{who} comes {count} frames ({ms} ms) early and upside down.</source>
        <translation>{who} kommt {count} Samples ({ms} ms) zu früh und verpolt.</translation>
    </message>
    <message>
        <source>{who} comes upside down.</source>
        <translation>{who} ist verpolt.</translation>
    </message>
    <message>
        <source>All stems come {count} frames ({ms} ms) late.</source>
        <translation>Alle Stems kommen {count} Samples ({ms} ms) zu spät.</translation>
    </message>
    <message>
        <source>All stems come {count} frames ({ms} ms) early.</source>
        <translation>Alle Stems kommen {count} Samples ({ms} ms) zu früh.</translation>
    </message>
    <message>
        <source>All stems come {count} frames ({ms} ms) late and upside down.</source>
        <translation>Alle Stems kommen {count} Samples ({ms} ms) zu spät und verpolt.</translation>
    </message>
    <message>
        <source>All stems come {count} frames ({ms} ms) early and upside down.</source>
        <translation>Alle Stems kommen {count} Samples ({ms} ms) zu früh und verpolt.</translation>
    </message>
    <message>
        <source>All stems come upside down.</source>
        <translation>Alle Stems sind verpolt.</translation>
    </message>
    <message>
        <source>{lane} can be heard in the {stem} stem at {level} dB.</source>
        <translation>{lane} ist in der Spur {stem} mit {level} dB zu hören.</translation>
    </message>
    <message>
        <source>{who} sounds like {stem} ({share} % of it).</source>
        <translation>{who} klingt wie {stem} ({share} % davon).</translation>
    </message>
    <message>
        <source>It is the same recording as {name}.</source>
        <translation>Es ist dieselbe Aufnahme wie {name}.</translation>
    </message>
    <message>
        <source>Freezing: {name}.</source>
        <translation>Eingefroren: {name}.</translation>
    </message>
    <message>
        <source>{share} of the training time went by waiting for data</source>
        <translation>{share} der Trainingszeit vergingen mit Warten auf Daten</translation>
    </message>
    <message>
        <source>A step of {count} items takes about {level} GiB of memory, of {gain} GiB that are free</source>
        <translation>Ein Schritt mit {count} Stücken braucht etwa {level} GiB Speicher, von {gain} freien GiB</translation>
    </message>
    <message>
        <source>{name} broke off (exit status {count})</source>
        <translation>{name}: abgebrochen (Status {count})</translation>
    </message>
    <message>
        <source>The tuned model is not saved: on the reference set it is {level} dB worse than {name}, and {gain} dB are allowed</source>
        <translation>Das neue Modell ist nicht gespeichert: Beim Referenzmaterial ist es um {level} dB schlechter als {name}, und {gain} dB sind erlaubt</translation>
    </message>
    <message>
        <source>No song is chosen to train on</source>
        <translation>Kein Song zum Trainieren ist gewählt</translation>
    </message>
    <message>
        <source>A model is being trained already</source>
        <translation>Ein Modell wird schon trainiert</translation>
    </message>
    <message>
        <source>tick at least one song</source>
        <translation>mindestens einen Song ankreuzen</translation>
    </message>
    <message>
        <source>wait for it, or stop it first</source>
        <translation>darauf warten, oder es zuerst anhalten</translation>
    </message>
    <message>
        <source>try again: it goes on where it was</source>
        <translation>neu versuchen: es geht weiter, wo es war</translation>
    </message>
    <message>
        <source>{command} {change}</source>
        <translation>{command} ({change})</translation>
    </message>
    <message>
        <source>{path} cannot be read ({reason})</source>
        <translation>{path} lässt sich nicht lesen ({reason})</translation>
    </message>
    <message>
        <source>check the disk it lies on</source>
        <translation>den Datenträger prüfen, auf dem die Datei liegt</translation>
    </message>
    <message>
        <source>The {lane} of {song} is not at {path}</source>
        <translation>„{lane}“ von {song} liegt nicht unter {path}</translation>
    </message>
    <message>
        <source>put the file back, or find it with Song &gt; Find missing files</source>
        <translation>die Datei zurücklegen oder mit Song &gt; Fehlende Dateien suchen wiederfinden</translation>
    </message>
    <message>
        <source>{path} is not there</source>
        <translation>{path} ist nicht vorhanden</translation>
    </message>
    <message>
        <source>put the file back, or relink it</source>
        <translation>die Datei zurücklegen oder neu verknüpfen</translation>
    </message>
    <message>
        <source>The song is not in the project any more</source>
        <translation>Der Song ist nicht mehr im Projekt</translation>
    </message>
    <message>
        <source>choose one from the list</source>
        <translation>einen aus der Liste wählen</translation>
    </message>
    <message>
        <source>{count} of {others} files is not below {folder}</source>
        <translation>{count} von {others} Dateien liegt nicht unter {folder}</translation>
    </message>
    <message>
        <source>{count} of {others} files are not below {folder}</source>
        <translation>{count} von {others} Dateien liegen nicht unter {folder}</translation>
    </message>
    <message>
        <source>look in another folder</source>
        <translation>in einem anderen Ordner suchen</translation>
    </message>
    <message>
        <source>look the project over before you save it</source>
        <translation>das Projekt vor dem Speichern durchsehen</translation>
    </message>
    <message>
        <source>choose another plug-in, or update this one</source>
        <translation>ein anderes Plug-in wählen oder dieses aktualisieren</translation>
    </message>
    <message>
        <source>The window of {effect} does not open ({reason})</source>
        <translation>Das Fenster von {effect} öffnet sich nicht ({reason})</translation>
    </message>
    <message>
        <source>turn its parameters in the inspector</source>
        <translation>seine Parameter im Inspektor einstellen</translation>
    </message>
    <message>
        <source>choose another output</source>
        <translation>einen anderen Ausgang wählen</translation>
    </message>
    <message>
        <source>The model {model} hears what is still to come</source>
        <translation>Das Modell {model} hört, was erst noch kommt</translation>
    </message>
    <message>
        <source>choose one for live use, such as bandmask_live</source>
        <translation>eines für den Live-Betrieb wählen, etwa bandmask_live</translation>
    </message>
    <message>
        <source>The model {model} needs whole songs</source>
        <translation>Das Modell {model} braucht ganze Songs</translation>
    </message>
    <message>
        <source>choose one such as bandmask_live</source>
        <translation>eines wie bandmask_live wählen</translation>
    </message>
    <message>
        <source>{stage} would have to hear the whole song</source>
        <translation>{stage} müsste den ganzen Song hören</translation>
    </message>
    <message>
        <source>leave it out while sound comes live</source>
        <translation>es weglassen, solange der Klang live kommt</translation>
    </message>
    <message>
        <source>The model has no stem {stem}</source>
        <translation>Das Modell hat keinen Stem {stem}</translation>
    </message>
    <message>
        <source>choose one of {stems}</source>
        <translation>eines von diesen wählen: {stems}</translation>
    </message>
    <message>
        <source>{level} dB is too loud for the {stem}</source>
        <translation>{level} dB sind zu laut für „{stem}“</translation>
    </message>
    <message>
        <source>use at most {level} dB</source>
        <translation>höchstens {level} dB verwenden</translation>
    </message>
    <message>
        <source>{song} is being separated</source>
        <translation>{song} wird gerade getrennt</translation>
    </message>
    <message>
        <source>wait for it, or cancel it first</source>
        <translation>darauf warten oder es zuerst abbrechen</translation>
    </message>
    <message>
        <source>The separation of {song} gave no files</source>
        <translation>Die Trennung von {song} hat keine Dateien ergeben</translation>
    </message>
    <message>
        <source>separate it again</source>
        <translation>erneut trennen</translation>
    </message>
    <message>
        <source>The separation of {song} broke off (exit status {count})</source>
        <translation>Die Trennung von {song} ist abgebrochen (Status {count})</translation>
    </message>
    <message>
        <source>The system ended the separation of {song}, as it does when memory runs out</source>
        <translation>Das System hat die Trennung von {song} beendet, wie es das bei Speichermangel tut</translation>
    </message>
    <message>
        <source>close other programs or choose a smaller model, then try again: it goes on where it was</source>
        <translation>andere Programme schließen oder ein kleineres Modell wählen, dann neu versuchen: es geht weiter, wo es war</translation>
    </message>
    <message>
        <source>StemDesk is closing</source>
        <translation>StemDesk wird gerade geschlossen</translation>
    </message>
    <message>
        <source>start it again to go on</source>
        <translation>zum Weitermachen neu starten</translation>
    </message>
    <message>
        <source>The process that separates cannot be started ({reason})</source>
        <translation>Der Prozess, der trennt, lässt sich nicht starten ({reason})</translation>
    </message>
    <message>
        <source>close other programs and try again</source>
        <translation>andere Programme schließen und erneut versuchen</translation>
    </message>
    <message>
        <source>The model {model} has no {stem} for the gate to shut</source>
        <translation>Das Modell {model} hat keinen Stem „{stem}“, den das Gate schließen könnte</translation>
    </message>
    <message>
        <source>leave gate out</source>
        <translation>gate weglassen</translation>
    </message>
    <message>
        <source>The model {model} gives each part of the sound to one stem whole, so that stems share nothing that one could claim</source>
        <translation>Das Modell {model} gibt jeden Teil des Klangs ganz an einen Stem; die Stems teilen nichts, wovon einer mehr nehmen könnte</translation>
    </message>
    <message>
        <source>leave {claims} out, or choose another model</source>
        <translation>{claims} weglassen oder ein anderes Modell wählen</translation>
    </message>
    <message>
        <source>The model {model} cannot be adapted to a song</source>
        <translation>Das Modell {model} lässt sich nicht an einen Song anpassen</translation>
    </message>
    <message>
        <source>choose another model, or separate without adapting</source>
        <translation>ein anderes Modell wählen oder ohne Anpassung trennen</translation>
    </message>
    <message>
        <source>Only a model whose stems sum to the song can be adapted to it</source>
        <translation>Nur ein Modell, dessen Stems den Song ergeben, lässt sich an ihn anpassen</translation>
    </message>
    <message>
        <source>separate without adapting</source>
        <translation>ohne Anpassung trennen</translation>
    </message>
    <message>
        <source>Some stems of {song} are there already, and those made now do not fit them</source>
        <translation>Von {song} gibt es schon einige Stems, und die jetzt gemachten passen nicht dazu</translation>
    </message>
    <message>
        <source>use the options that those were made with, name another folder with --stems, or move them away</source>
        <translation>die Optionen verwenden, mit denen die vorhandenen gemacht wurden, mit --stems einen anderen Ordner nennen oder sie wegräumen</translation>
    </message>
    <message>
        <source>The channels of {path} number {count}, where its song has {wanted}</source>
        <translation>Die Zahl der Kanäle von {path} ist {count}, die des Songs {wanted}</translation>
    </message>
    <message>
        <source>put the file back that was there, or open the song anew</source>
        <translation>die Datei zurücklegen, die dort war, oder den Song neu öffnen</translation>
    </message>
    <message>
        <source>A stem is named twice</source>
        <translation>Ein Stem ist doppelt genannt</translation>
    </message>
    <message>
        <source>name each stem once in --stems</source>
        <translation>jeden Stem in --stems nur einmal nennen</translation>
    </message>
    <message>
        <source>The stems {names} overlap</source>
        <translation>Die Stems {names} überschneiden sich</translation>
    </message>
    <message>
        <source>name {name} for everything not named</source>
        <translation>{name} für alles nicht Genannte angeben</translation>
    </message>
    <message>
        <source>This model has no stem {name}</source>
        <translation>Dieses Modell hat keinen Stem {name}</translation>
    </message>
    <message>
        <source>choose from {known}, rest</source>
        <translation>aus {known}, rest wählen</translation>
    </message>
    <message>
        <source>perhaps {name} is meant; choose from {known}, rest</source>
        <translation>vielleicht ist {name} gemeint; aus {known}, rest wählen</translation>
    </message>
    <message>
        <source>Nothing is left for {name}</source>
        <translation>Für {name} bleibt nichts übrig</translation>
    </message>
    <message>
        <source>name fewer stems beside {name}</source>
        <translation>neben {name} weniger Stems nennen</translation>
    </message>
    <message>
        <source>{name} would be the whole song</source>
        <translation>{name} wäre der ganze Song</translation>
    </message>
    <message>
        <source>name stems beside it from {known}</source>
        <translation>daneben Stems aus {known} nennen</translation>
    </message>
    <message>
        <source>{folder} holds no stems to make masks from</source>
        <translation>{folder} enthält keine Stems, aus denen sich Masken bilden lassen</translation>
    </message>
    <message>
        <source>put a file of each true stem there, such as vocals.wav and accompaniment.wav</source>
        <translation>von jedem echten Stem eine Datei dort ablegen, etwa vocals.wav und accompaniment.wav</translation>
    </message>
    <message>
        <source>{folder} cannot be listed ({reason})</source>
        <translation>Der Inhalt von {folder} lässt sich nicht auflisten ({reason})</translation>
    </message>
    <message>
        <source>name the folder of the true stems</source>
        <translation>den Ordner mit den echten Stems angeben</translation>
    </message>
    <message>
        <source>{other} and {path} are the same stem</source>
        <translation>{other} und {path} sind derselbe Stem</translation>
    </message>
    <message>
        <source>leave one there</source>
        <translation>nur eine davon dort lassen</translation>
    </message>
    <message>
        <source>{path} has {count} channels, the song {others}</source>
        <translation>{path} hat {count} Kanäle, der Song {others}</translation>
    </message>
    <message>
        <source>give the stem as many as the song has</source>
        <translation>dem Stem so viele geben, wie der Song hat</translation>
    </message>
    <message>
        <source>The system refuses {path} ({reason})</source>
        <translation>Das System verweigert {path} ({reason})</translation>
    </message>
    <message>
        <source>check the name, the disk and your permissions</source>
        <translation>Namen, Datenträger und Zugriffsrechte prüfen</translation>
    </message>
    <message>
        <source>free some space or choose another --output folder</source>
        <translation>Platz schaffen oder mit --output einen anderen Ordner wählen</translation>
    </message>
    <message>
        <source>free some space, and the same command goes on where this run was (a hidden folder .stemdesk-*.partial in {folder} keeps the work so far)</source>
        <translation>Platz schaffen, dann macht derselbe Befehl weiter, wo dieser Lauf war (ein verborgener Ordner .stemdesk-*.partial in {folder} bewahrt das bisher Erledigte)</translation>
    </message>
    <message>
        <source>The file {path} has come into being since this run began</source>
        <translation>Die Datei {path} ist seit Beginn dieses Durchgangs entstanden</translation>
    </message>
    <message>
        <source>move it away, or start again with --overwrite skip, rename or yes</source>
        <translation>sie wegbewegen oder mit --overwrite skip, rename oder yes neu beginnen</translation>
    </message>
    <message>
        <source>The stems would lie among the songs in {folder}</source>
        <translation>Die Stems lägen zwischen den Songs in {folder}</translation>
    </message>
    <message>
        <source>choose another --output folder; one inside it will do</source>
        <translation>mit --output einen anderen Ordner wählen; einer darin genügt</translation>
    </message>
    <message>
        <source>The folder {folder} holds no audio files</source>
        <translation>Der Ordner {folder} enthält keine Audiodateien</translation>
    </message>
    <message>
        <source>name another folder</source>
        <translation>einen anderen Ordner angeben</translation>
    </message>
    <message>
        <source>With the name {template} all stems get one file</source>
        <translation>Mit dem Namen {template} bekommen alle Stems dieselbe Datei</translation>
    </message>
    <message>
        <source>put {stem} into it</source>
        <translation>{stem} darin einfügen</translation>
    </message>
    <message>
        <source>A stem would replace the song {path}</source>
        <translation>Ein Stem würde den Song {path} ersetzen</translation>
    </message>
    <message>
        <source>choose another --output or --name, or use --overwrite rename</source>
        <translation>--output oder --name anders wählen oder --overwrite rename verwenden</translation>
    </message>
    <message>
        <source>Another song of this run has its stems in {folder}</source>
        <translation>Ein anderer Song dieses Laufs hat seine Stems in {folder}</translation>
    </message>
    <message>
        <source>use --overwrite rename, or a --name that tells the songs apart</source>
        <translation>--overwrite rename verwenden oder ein --name, das die Songs unterscheidet</translation>
    </message>
    <message>
        <source>The manifest {path} is a folder</source>
        <translation>Das Manifest {path} ist ein Ordner</translation>
    </message>
    <message>
        <source>name a file</source>
        <translation>eine Datei angeben</translation>
    </message>
    <message>
        <source>The manifest would replace the song {path}</source>
        <translation>Das Manifest würde den Song {path} ersetzen</translation>
    </message>
    <message>
        <source>name another file</source>
        <translation>eine andere Datei angeben</translation>
    </message>
    <message>
        <source>The manifest {path} would replace a stem</source>
        <translation>Das Manifest {path} würde einen Stem ersetzen</translation>
    </message>
    <message>
        <source>{path} exists and is not a manifest of StemDesk</source>
        <translation>{path} ist schon vorhanden und kein Manifest von StemDesk</translation>
    </message>
    <message>
        <source>name another file, or use --overwrite yes</source>
        <translation>eine andere Datei angeben oder --overwrite yes verwenden</translation>
    </message>
    <message>
        <source>The manifest {path} cannot be written ({reason})</source>
        <translation>Das Manifest {path} lässt sich nicht schreiben ({reason})</translation>
    </message>
    <message>
        <source>The file {path} exists already</source>
        <translation>Die Datei {path} gibt es schon</translation>
    </message>
    <message>
        <source>choose another folder, or set overwrite to rename, skip or yes</source>
        <translation>einen anderen Ordner wählen oder overwrite auf rename, skip oder yes setzen</translation>
    </message>
    <message>
        <source>There are no stems to mix</source>
        <translation>Es gibt keine Stems zum Mischen</translation>
    </message>
    <message>
        <source>give one clip at least</source>
        <translation>mindestens einen Clip angeben</translation>
    </message>
    <message>
        <source>{name} of the shape {shape} cannot be separated</source>
        <translation>{name} mit der Form {shape} lässt sich nicht trennen</translation>
    </message>
    <message>
        <source>{name} of the shape {shape} cannot be mixed</source>
        <translation>{name} mit der Form {shape} lässt sich nicht mischen</translation>
    </message>
    <message>
        <source>give [channels, frames] with 1 to {count} channels</source>
        <translation>[channels, frames] mit 1 bis {count} Kanälen angeben</translation>
    </message>
    <message>
        <source>{name} has {hz} Hz, outside 8 to 192 kHz</source>
        <translation>{name} hat {hz} Hz, außerhalb von 8 bis 192 kHz</translation>
    </message>
    <message>
        <source>give its sample rate in Hz</source>
        <translation>die Abtastrate in Hz angeben</translation>
    </message>
    <message>
        <source>{name} has samples that are not numbers</source>
        <translation>{name} enthält Samples, die keine Zahlen sind</translation>
    </message>
    <message>
        <source>replace them by 0</source>
        <translation>sie durch 0 ersetzen</translation>
    </message>
    <message>
        <source>{path} is what the export is made from</source>
        <translation>Aus {path} wird der Export gemacht</translation>
    </message>
    <message>
        <source>choose another name or folder</source>
        <translation>einen anderen Namen oder Ordner wählen</translation>
    </message>
    <message>
        <source>{path} was not read back as it was written</source>
        <translation>{path} wurde anders zurückgelesen als geschrieben</translation>
    </message>
    <message>
        <source>check the disk, and export it again or to another one</source>
        <translation>den Datenträger prüfen und erneut oder auf einen anderen exportieren</translation>
    </message>
    <message>
        <source>mend it, or leave it out of the mix</source>
        <translation>den Fehler beheben oder den Effekt aus dem Mix weglassen</translation>
    </message>
    <message>
        <source>{format} is not a format that can be written</source>
        <translation>{format} ist kein Format, das sich schreiben lässt</translation>
    </message>
    <message>
        <source>choose one of {formats}</source>
        <translation>eines von diesen wählen: {formats}</translation>
    </message>
    <message>
        <source>{song} has not been separated yet</source>
        <translation>{song} ist noch nicht getrennt</translation>
    </message>
    <message>
        <source>separate it first, or export the mix</source>
        <translation>den Song zuerst trennen oder den Mix exportieren</translation>
    </message>
    <message>
        <source>{song} has no stem {stem}</source>
        <translation>{song} hat keinen Stem „{stem}“</translation>
    </message>
    <message>
        <source>choose from {names}</source>
        <translation>zur Wahl stehen: {names}</translation>
    </message>
    <message>
        <source>The selection is not within {song}</source>
        <translation>Die Auswahl liegt nicht innerhalb von {song}</translation>
    </message>
    <message>
        <source>select a part of it, or export all</source>
        <translation>einen Teil davon auswählen oder alles exportieren</translation>
    </message>
    <message>
        <source>A loudness would change the balance of stems</source>
        <translation>Eine Lautheit würde das Verhältnis der Stems verändern</translation>
    </message>
    <message>
        <source>leave the loudness off, or export the mix</source>
        <translation>die Lautheit ausgeschaltet lassen oder den Mix exportieren</translation>
    </message>
    <message>
        <source>No stem is named that the song shall go without</source>
        <translation>Es ist kein Stem genannt, den der Song weglassen soll</translation>
    </message>
    <message>
        <source>choose one</source>
        <translation>einen wählen</translation>
    </message>
    <message>
        <source>A loudness of {loudness} LUFS cannot be reached</source>
        <translation>Eine Lautheit von {loudness} LUFS ist nicht erreichbar</translation>
    </message>
    <message>
        <source>A true peak of {peak} dBTP cannot be reached</source>
        <translation>Ein True Peak von {peak} dBTP ist nicht erreichbar</translation>
    </message>
    <message>
        <source>choose {count} to {others}</source>
        <translation>{count} bis {others} wählen</translation>
    </message>
    <message>
        <source>{path} says no format that a mix can be written in</source>
        <translation>{path} nennt kein Format, in dem sich ein Mix schreiben lässt</translation>
    </message>
    <message>
        <source>end its name in one of {suffixes}</source>
        <translation>dem Namen eine dieser Endungen geben: {suffixes}</translation>
    </message>
    <message>
        <source>{path} is what a remix is made from</source>
        <translation>Aus {path} wird ein Remix gemacht</translation>
    </message>
    <message>
        <source>choose another name</source>
        <translation>einen anderen Namen wählen</translation>
    </message>
    <message>
        <source>Two remixes would be {path}</source>
        <translation>Zwei Remixe bekämen dieselbe Datei {path}</translation>
    </message>
    <message>
        <source>remix them one by one with --output</source>
        <translation>sie einzeln mit --output remixen</translation>
    </message>
    <message>
        <source>The folder {folder} holds no stems</source>
        <translation>Der Ordner {folder} enthält keine Stems</translation>
    </message>
    <message>
        <source>name a song, or a folder of stems</source>
        <translation>einen Song oder einen Ordner mit Stems angeben</translation>
    </message>
    <message>
        <source>The stems in {folder} do not sum to {song}</source>
        <translation>Die Summe der Stems in {folder} ist nicht {song}</translation>
    </message>
    <message>
        <source>name another folder with --stems, or move these away if they are of no use</source>
        <translation>mit --stems einen anderen Ordner angeben oder diese woandershin verschieben, wenn sie nicht gebraucht werden</translation>
    </message>
    <message>
        <source>{folder} holds two stems named {name}</source>
        <translation>{folder} enthält zwei Stems namens {name}</translation>
    </message>
    <message>
        <source>move one of them away</source>
        <translation>einen davon woandershin verschieben</translation>
    </message>
    <message>
        <source>No time code can be sent without MIDI</source>
        <translation>Ohne MIDI lässt sich kein Timecode senden</translation>
    </message>
    <message>
        <source>There is no MIDI output {port}</source>
        <translation>Es gibt keinen MIDI-Ausgang {port}</translation>
    </message>
    <message>
        <source>outputs are: none</source>
        <translation>Ausgänge sind: keine</translation>
    </message>
    <message>
        <source>outputs are: {ports}</source>
        <translation>Ausgänge sind: {ports}</translation>
    </message>
    <message>
        <source>The training of {name}</source>
        <translation>Das Training von {name}</translation>
    </message>
    <message>
        <source>The check of {name}</source>
        <translation>Die Prüfung von {name}</translation>
    </message>
    <message>
        <source>The measuring of this machine</source>
        <translation>Das Messen dieses Rechners</translation>
    </message>
    <message>
        <source>The measuring of blends</source>
        <translation>Das Messen der Mischungen</translation>
    </message>
    <message>
        <source>The blend with {share} of the new model</source>
        <translation>Die Mischung mit {share} des neuen Modells</translation>
    </message>
    <message>
        <source>The trainer cannot be started ({reason})</source>
        <translation>Der Prozess, der trainiert, lässt sich nicht starten ({reason})</translation>
    </message>
    <message>
        <source>{who} was ended by the system, as happens when memory runs out</source>
        <translation>{who} wurde vom System beendet, wie es bei Speichermangel geschieht</translation>
    </message>
    <message>
        <source>close other programs, or choose a smaller batch, then go on</source>
        <translation>andere Programme schließen oder einen kleineren Stapel (Batch) wählen, dann weitermachen</translation>
    </message>
    <message>
        <source>{who} ended too early</source>
        <translation>{who} endete zu früh</translation>
    </message>
    <message>
        <source>{who} was not saved</source>
        <translation>{who} wurde nicht gespeichert</translation>
    </message>
    <message>
        <source>{who} ended without a recipe</source>
        <translation>{who} endete ohne Rezept</translation>
    </message>
    <message>
        <source>try again</source>
        <translation>erneut versuchen</translation>
    </message>
    <message>
        <source>The training was not finished</source>
        <translation>Das Training wurde nicht abgeschlossen</translation>
    </message>
    <message>
        <source>go on with it, or begin anew</source>
        <translation>damit weitermachen oder neu beginnen</translation>
    </message>
    <message>
        <source>find a blend with the base model on the last page of Tools &gt; Train a model</source>
        <translation>auf der letzten Seite von Werkzeuge &gt; Modell trainieren eine Mischung mit dem Grundmodell suchen</translation>
    </message>
    <message>
        <source>The songs of {name} can only be taken all, for files hold several stems</source>
        <translation>Die Songs von {name} lassen sich nur alle zusammen nehmen, da Dateien mehrere Stems enthalten</translation>
    </message>
    <message>
        <source>tick all songs, or move those to be left out into another folder</source>
        <translation>alle Songs ankreuzen oder die wegzulassenden in einen anderen Ordner verschieben</translation>
    </message>
    <message>
        <source>The songs of the run {name} are not at {path}</source>
        <translation>Die Songs des Trainings {name} liegen nicht unter {path}</translation>
    </message>
    <message>
        <source>begin a new run with the songs where they are now</source>
        <translation>ein neues Training mit den Songs an ihrem jetzigen Ort beginnen</translation>
    </message>
    <message>
        <source>The run {name} cannot be read ({reason})</source>
        <translation>Das Training {name} lässt sich nicht lesen ({reason})</translation>
    </message>
    <message>
        <source>choose another one</source>
        <translation>ein anderes wählen</translation>
    </message>
    <message>
        <source>The renderings in {folder} have different sample rates</source>
        <translation>Die gerechneten Stems in {folder} haben verschiedene Abtastraten</translation>
    </message>
    <message>
        <source>render them anew</source>
        <translation>sie neu rechnen</translation>
    </message>
    <message>
        <source>The recipe {path} cannot be read ({reason})</source>
        <translation>Das Rezept {path} lässt sich nicht lesen ({reason})</translation>
    </message>
    <message>
        <source>choose a TOML file</source>
        <translation>eine TOML-Datei wählen</translation>
    </message>
    <message>
        <source>The repaired copies would lie among the songs of {name}</source>
        <translation>Die reparierten Kopien lägen zwischen den Songs von {name}</translation>
    </message>
    <message>
        <source>choose a folder outside of it</source>
        <translation>einen Ordner außerhalb davon wählen</translation>
    </message>
    <message>
        <source>A file name cannot contain a zero byte</source>
        <translation>Ein Dateiname darf kein Nullbyte enthalten</translation>
    </message>
    <message>
        <source>give another name</source>
        <translation>einen anderen Namen angeben</translation>
    </message>
    <message>
        <source>{path} is a folder</source>
        <translation>{path} ist ein Ordner</translation>
    </message>
    <message>
        <source>name an audio file</source>
        <translation>eine Audiodatei angeben</translation>
    </message>
    <message>
        <source>{path} is a device or a pipe, not a file</source>
        <translation>{path} ist ein Gerät oder eine Pipe, keine Datei</translation>
    </message>
    <message>
        <source>save the audio to a file first</source>
        <translation>den Ton zuerst in einer Datei speichern</translation>
    </message>
    <message>
        <source>{path} is empty (0 bytes)</source>
        <translation>{path} ist leer (0 Byte)</translation>
    </message>
    <message>
        <source>export or copy it again</source>
        <translation>erneut exportieren oder kopieren</translation>
    </message>
    <message>
        <source>{path} does not exist</source>
        <translation>{path} gibt es nicht</translation>
    </message>
    <message>
        <source>check the name and the folder</source>
        <translation>Namen und Ordner prüfen</translation>
    </message>
    <message>
        <source>{path} may not be read</source>
        <translation>{path} darf nicht gelesen werden</translation>
    </message>
    <message>
        <source>give yourself permission to read it</source>
        <translation>sich das Leserecht für die Datei geben</translation>
    </message>
    <message>
        <source>{path} cannot be opened ({reason})</source>
        <translation>{path} lässt sich nicht öffnen ({reason})</translation>
    </message>
    <message>
        <source>check the name, or copy the file to another place</source>
        <translation>den Namen prüfen oder die Datei an einen anderen Ort kopieren</translation>
    </message>
    <message>
        <source>{path} breaks off at {seconds} s, before the end its header states</source>
        <translation>{path} bricht bei {seconds} s ab, vor dem Ende, das im Dateikopf steht</translation>
    </message>
    <message>
        <source>export or copy it again, or repair it</source>
        <translation>erneut exportieren oder kopieren, oder reparieren</translation>
    </message>
    <message>
        <source>{path} has {count} channels, more than {others}</source>
        <translation>{path} hat {count} Kanäle, mehr als {others}</translation>
    </message>
    <message>
        <source>split it into files of at most 8 channels</source>
        <translation>in Dateien mit höchstens 8 Kanälen aufteilen</translation>
    </message>
    <message>
        <source>{path} has a sample rate of {hz} Hz, outside 8 to 192 kHz</source>
        <translation>{path} hat eine Abtastrate von {hz} Hz, außerhalb von 8 bis 192 kHz</translation>
    </message>
    <message>
        <source>convert it to 44100 or 48000 Hz</source>
        <translation>in 44100 oder 48000 Hz umwandeln</translation>
    </message>
    <message>
        <source>{path} holds no samples (0 frames)</source>
        <translation>{path} enthält keinen Ton (0 Samples)</translation>
    </message>
    <message>
        <source>export it again</source>
        <translation>erneut exportieren</translation>
    </message>
    <message>
        <source>The start {seconds} s is not a time</source>
        <translation>Der Anfang {seconds} s ist keine Zeit</translation>
    </message>
    <message>
        <source>give 0 or more seconds</source>
        <translation>0 oder mehr Sekunden angeben</translation>
    </message>
    <message>
        <source>The duration {seconds} s is not a length</source>
        <translation>Die Dauer {seconds} s ist keine Länge</translation>
    </message>
    <message>
        <source>give more than 0 seconds</source>
        <translation>mehr als 0 Sekunden angeben</translation>
    </message>
    <message>
        <source>{path} ends at {seconds} s, before the start {second} s</source>
        <translation>{path} endet bei {seconds} s, vor dem Anfang {second} s</translation>
    </message>
    <message>
        <source>choose an earlier start</source>
        <translation>einen früheren Anfang wählen</translation>
    </message>
    <message>
        <source>{path} has a sample that is not a number at {seconds} s</source>
        <translation>{path} hat bei {seconds} s einen Abtastwert, der keine Zahl ist</translation>
    </message>
    <message>
        <source>{path} has a sample above any level that can be computed with at {seconds} s</source>
        <translation>{path} hat bei {seconds} s ein Sample über jedem Pegel, mit dem gerechnet werden kann</translation>
    </message>
    <message>
        <source>lower its level to full scale, or export it again</source>
        <translation>den Pegel auf Vollaussteuerung senken oder die Datei neu exportieren</translation>
    </message>
    <message>
        <source>export it again or silence that place</source>
        <translation>erneut exportieren oder diese Stelle stummschalten</translation>
    </message>
    <message>
        <source>{path} is in no format that can be read without ffmpeg</source>
        <translation>{path} hat kein Format, das sich ohne ffmpeg lesen lässt</translation>
    </message>
    <message>
        <source>{path} does not state its length, which cannot be found without ffmpeg</source>
        <translation>{path} nennt seine Länge nicht, und ohne ffmpeg lässt sie sich nicht ermitteln</translation>
    </message>
    <message>
        <source>{path} cannot be read without ffmpeg</source>
        <translation>{path} lässt sich ohne ffmpeg nicht lesen</translation>
    </message>
    <message>
        <source>install ffmpeg, or convert the file to WAV or FLAC</source>
        <translation>ffmpeg installieren oder die Datei in WAV oder FLAC umwandeln</translation>
    </message>
    <message>
        <source>{path} holds no audio</source>
        <translation>{path} enthält keinen Ton</translation>
    </message>
    <message>
        <source>name an audio or video file</source>
        <translation>eine Audio- oder Videodatei angeben</translation>
    </message>
    <message>
        <source>{path} has {count} audio streams, not {others}</source>
        <translation>{path} hat {count} Tonspuren, nicht {others}</translation>
    </message>
    <message>
        <source>export it again with all its streams</source>
        <translation>erneut mit allen Tonspuren exportieren</translation>
    </message>
    <message>
        <source>The disk of {folder} is full: {name} could not be decoded</source>
        <translation>Der Datenträger von {folder} ist voll: {name} ließ sich nicht dekodieren</translation>
    </message>
    <message>
        <source>free some space there or set TMPDIR to another folder</source>
        <translation>dort Platz schaffen oder TMPDIR auf einen anderen Ordner setzen</translation>
    </message>
    <message>
        <source>ffmpeg cannot decode {path} ({reason})</source>
        <translation>ffmpeg kann {path} nicht dekodieren ({reason})</translation>
    </message>
    <message>
        <source>convert the file to WAV or FLAC</source>
        <translation>die Datei in WAV oder FLAC umwandeln</translation>
    </message>
    <message>
        <source>{path} is not audio, or is damaged ({reason})</source>
        <translation>{path} enthält keinen Ton oder ist beschädigt ({reason})</translation>
    </message>
    <message>
        <source>name an audio or video file, or export it again</source>
        <translation>eine Audio- oder Videodatei angeben oder erneut exportieren</translation>
    </message>
    <message>
        <source>{path} breaks off at {seconds} s of {second} s</source>
        <translation>{path} bricht bei {seconds} s von {second} s ab</translation>
    </message>
    <message>
        <source>no reason given</source>
        <translation>kein Grund genannt</translation>
    </message>
    <message>
        <source>{format} is compressed and has no {subtype} samples</source>
        <translation>{format} ist komprimiert und hat kein Sampleformat {subtype}</translation>
    </message>
    <message>
        <source>leave the sample format at match, or choose wav or flac</source>
        <translation>das Sampleformat bei „match“ lassen oder wav oder flac wählen</translation>
    </message>
    <message>
        <source>{format} is not a format stems can be written in</source>
        <translation>In das Format {format} lassen sich keine Stems schreiben</translation>
    </message>
    <message>
        <source>choose one of {choices}</source>
        <translation>zur Wahl stehen: {choices}</translation>
    </message>
    <message>
        <source>{subtype} is not a sample format</source>
        <translation>{subtype} ist kein Sampleformat</translation>
    </message>
    <message>
        <source>choose one of match, {choices}</source>
        <translation>zur Wahl stehen: match, {choices}</translation>
    </message>
    <message>
        <source>{format} cannot hold {subtype} samples</source>
        <translation>{format} kennt das Sampleformat {subtype} nicht</translation>
    </message>
    <message>
        <source>choose pcm24, or the wav format</source>
        <translation>pcm24 oder das Format wav wählen</translation>
    </message>
    <message>
        <source>{format} holds at most {count} channels, and {path} has {others}</source>
        <translation>{format} fasst höchstens {count} Kanäle, und {path} hat {others}</translation>
    </message>
    <message>
        <source>choose wav or flac</source>
        <translation>wav oder flac wählen</translation>
    </message>
    <message>
        <source>choose wav</source>
        <translation>wav wählen</translation>
    </message>
    <message>
        <source>{format} does not know the sample rate {hz} Hz of {path}</source>
        <translation>{format} kennt die Abtastrate {hz} Hz von {path} nicht</translation>
    </message>
    <message>
        <source>{format} does not hold the {count} hours of {path}</source>
        <translation>{format} fasst die {count} Stunden von {path} nicht</translation>
    </message>
    <message>
        <source>There are no stems to sum</source>
        <translation>Es gibt keine Stems zum Summieren</translation>
    </message>
    <message>
        <source>name at least one stem file</source>
        <translation>mindestens eine Stem-Datei angeben</translation>
    </message>
    <message>
        <source>{path} has {hz} Hz and {mix} {others} Hz</source>
        <translation>{path} hat {hz} Hz und {mix} {others} Hz</translation>
    </message>
    <message>
        <source>export the stems at the sample rate of the mix</source>
        <translation>die Stems mit der Abtastrate des Mix exportieren</translation>
    </message>
    <message>
        <source>{path} and {mix} have different numbers of channels ({count} and {others})</source>
        <translation>{path} und {mix} haben verschieden viele Kanäle ({count} und {others})</translation>
    </message>
    <message>
        <source>export the stems with the channels of the mix</source>
        <translation>die Stems mit den Kanälen des Mix exportieren</translation>
    </message>
    <message>
        <source>There is no parameter {address} in this mix</source>
        <translation>In diesem Mix gibt es keinen Parameter {address}</translation>
    </message>
    <message>
        <source>perhaps {near} is meant</source>
        <translation>vielleicht ist {near} gemeint</translation>
    </message>
    <message>
        <source>write it as STEM.PARAMETER, such as vocals.level_db</source>
        <translation>als STEM.PARAMETER schreiben, etwa vocals.level_db</translation>
    </message>
    <message>
        <source>the strips are {names}</source>
        <translation>die Kanalzüge sind {names}</translation>
    </message>
    <message>
        <source>known are {known}</source>
        <translation>bekannt sind {known}</translation>
    </message>
    <message>
        <source>There is no strip {stem} in this mix</source>
        <translation>In diesem Mix gibt es keinen Kanalzug {stem}</translation>
    </message>
    <message>
        <source>The mix has a strip too many named &apos;{name}&apos;</source>
        <translation>Der Mix hat einen Kanalzug namens „{name}“ zu viel</translation>
    </message>
    <message>
        <source>rename the stem</source>
        <translation>den Stem umbenennen</translation>
    </message>
    <message>
        <source>{stem} has two effects named {name}</source>
        <translation>{stem} hat zwei Effekte namens {name}</translation>
    </message>
    <message>
        <source>rename one</source>
        <translation>einen umbenennen</translation>
    </message>
    <message>
        <source>{who} does not go on the master</source>
        <translation>{who} passt nicht auf den Master</translation>
    </message>
    <message>
        <source>put it on a stem</source>
        <translation>auf einen Stem legen</translation>
    </message>
    <message>
        <source>{place} has no parameter {name}</source>
        <translation>{place} hat keinen Parameter {name}</translation>
    </message>
    <message>
        <source>leave it out</source>
        <translation>weglassen</translation>
    </message>
    <message>
        <source>There is no effect called {name}</source>
        <translation>Es gibt keinen Effekt namens {name}</translation>
    </message>
    <message>
        <source>did you mean {near}? choose one of {choices}</source>
        <translation>vielleicht ist {near} gemeint; zur Wahl stehen: {choices}</translation>
    </message>
    <message>
        <source>{place} cannot be {level} dB</source>
        <translation>{place} kann nicht {level} dB sein</translation>
    </message>
    <message>
        <source>{place} cannot be {level} Hz</source>
        <translation>{place} kann nicht {level} Hz sein</translation>
    </message>
    <message>
        <source>{place} cannot be {level} ms</source>
        <translation>{place} kann nicht {level} ms sein</translation>
    </message>
    <message>
        <source>{place} cannot be {level} s</source>
        <translation>{place} kann nicht {level} s sein</translation>
    </message>
    <message>
        <source>{place} cannot be {level} :1</source>
        <translation>{place} kann nicht {level} :1 sein</translation>
    </message>
    <message>
        <source>{place} cannot be {level} st</source>
        <translation>{place} kann nicht {level} st sein</translation>
    </message>
    <message>
        <source>choose a number from {least} to {most}</source>
        <translation>eine Zahl von {least} bis {most} wählen</translation>
    </message>
    <message>
        <source>choose a number from 0 ({lowest}) to 1 ({highest})</source>
        <translation>eine Zahl von 0 ({lowest}) bis 1 ({highest}) wählen</translation>
    </message>
    <message>
        <source>The automation of {address} has no points</source>
        <translation>Die Automation von {address} hat keine Punkte</translation>
    </message>
    <message>
        <source>give one, or leave it out</source>
        <translation>einen angeben oder die Automation weglassen</translation>
    </message>
    <message>
        <source>The automation of {address} has a point at {seconds} s</source>
        <translation>Die Automation von {address} hat einen Punkt bei {seconds} s</translation>
    </message>
    <message>
        <source>give times from 0 s on</source>
        <translation>Zeiten ab 0 s angeben</translation>
    </message>
    <message>
        <source>The automation of {address} goes back in time after {seconds} s</source>
        <translation>Die Automation von {address} springt nach {seconds} s in der Zeit zurück</translation>
    </message>
    <message>
        <source>sort its points by time</source>
        <translation>die Punkte nach der Zeit ordnen</translation>
    </message>
    <message>
        <source>The automation of {address} has no point {count}</source>
        <translation>Die Automation von {address} hat keinen Punkt {count}</translation>
    </message>
    <message>
        <source>choose one from its lane</source>
        <translation>einen aus der Spur wählen</translation>
    </message>
    <message>
        <source>The automation of {address} cannot have a point at {seconds} s</source>
        <translation>Die Automation von {address} kann bei {seconds} s keinen Punkt haben</translation>
    </message>
    <message>
        <source>choose a time from 0 to {seconds} s</source>
        <translation>eine Zeit von 0 bis {seconds} s wählen</translation>
    </message>
    <message>
        <source>keep it from {seconds} to {second} s</source>
        <translation>zwischen {seconds} und {second} s bleiben</translation>
    </message>
    <message>
        <source>The plug-in {name} is not running</source>
        <translation>Das Plug-in {name} läuft nicht</translation>
    </message>
    <message>
        <source>restart it</source>
        <translation>neu starten</translation>
    </message>
    <message>
        <source>The plug-in {name} crashed</source>
        <translation>Das Plug-in {name} ist abgestürzt</translation>
    </message>
    <message>
        <source>The plug-in {name} crashed ({reason})</source>
        <translation>Das Plug-in {name} ist abgestürzt ({reason})</translation>
    </message>
    <message>
        <source>The plug-in {name} crashed while it was loading</source>
        <translation>Das Plug-in {name} ist beim Laden abgestürzt</translation>
    </message>
    <message>
        <source>The plug-in {name} crashed while it was loading ({reason})</source>
        <translation>Das Plug-in {name} ist beim Laden abgestürzt ({reason})</translation>
    </message>
    <message>
        <source>restart it, or take it off the strip</source>
        <translation>neu starten oder aus dem Kanalzug nehmen</translation>
    </message>
    <message>
        <source>update it, or choose another plug-in</source>
        <translation>aktualisieren oder ein anderes Plug-in wählen</translation>
    </message>
    <message>
        <source>The plug-in {name} did not finish loading within {seconds} s</source>
        <translation>Das Plug-in {name} war nach {seconds} s noch nicht geladen</translation>
    </message>
    <message>
        <source>try again, or choose another plug-in</source>
        <translation>erneut versuchen oder ein anderes Plug-in wählen</translation>
    </message>
    <message>
        <source>The plug-in {name} did not answer within {seconds} s</source>
        <translation>Das Plug-in {name} hat innerhalb von {seconds} s nicht geantwortet</translation>
    </message>
    <message>
        <source>The plug-in {name} could not be loaded ({reason})</source>
        <translation>Das Plug-in {name} ließ sich nicht laden ({reason})</translation>
    </message>
    <message>
        <source>The plug-in {name} failed ({reason})</source>
        <translation>Das Plug-in {name} ist ausgefallen ({reason})</translation>
    </message>
    <message>
        <source>The plug-in {name} gave out invalid sound (not numbers)</source>
        <translation>Das Plug-in {name} hat ungültigen Ton ausgegeben (keine Zahlen)</translation>
    </message>
    <message>
        <source>The plug-in {name} damaged its own process</source>
        <translation>Das Plug-in {name} hat seinen eigenen Prozess beschädigt</translation>
    </message>
    <message>
        <source>The plug-in {name} is not on this computer ({path})</source>
        <translation>Das Plug-in {name} ist nicht auf diesem Computer ({path})</translation>
    </message>
    <message>
        <source>install it, or take it off the strip</source>
        <translation>installieren oder aus dem Kanalzug nehmen</translation>
    </message>
    <message>
        <source>The saved settings of the plug-in {name} are damaged</source>
        <translation>Die gespeicherten Einstellungen des Plug-ins {name} sind beschädigt</translation>
    </message>
    <message>
        <source>set its parameters anew</source>
        <translation>seine Parameter neu einstellen</translation>
    </message>
    <message>
        <source>The window of the plug-in {name} cannot be shown ({reason})</source>
        <translation>Das Fenster des Plug-ins {name} lässt sich nicht anzeigen ({reason})</translation>
    </message>
    <message>
        <source>use the list of its parameters instead</source>
        <translation>stattdessen die Liste seiner Parameter verwenden</translation>
    </message>
    <message>
        <source>access violation</source>
        <translation>Zugriffsverletzung</translation>
    </message>
    <message>
        <source>illegal instruction</source>
        <translation>unzulässiger Befehl</translation>
    </message>
    <message>
        <source>division by zero</source>
        <translation>Division durch null</translation>
    </message>
    <message>
        <source>stack overflow</source>
        <translation>Stapelüberlauf</translation>
    </message>
    <message>
        <source>heap corruption</source>
        <translation>beschädigter Heap</translation>
    </message>
    <message>
        <source>stack corruption</source>
        <translation>beschädigter Stapel</translation>
    </message>
    <message>
        <source>exit code {count}</source>
        <translation>Rückgabewert {count}</translation>
    </message>
    <message>
        <source>The loudness cannot be {loudness} LUFS</source>
        <translation>Die Lautheit kann nicht {loudness} LUFS sein</translation>
    </message>
    <message>
        <source>choose from -70 to 0</source>
        <translation>einen Wert von -70 bis 0 wählen</translation>
    </message>
    <message>
        <source>The true peak cannot be {peak} dBTP</source>
        <translation>Der True Peak kann nicht {peak} dBTP sein</translation>
    </message>
    <message>
        <source>choose from -20 to 0</source>
        <translation>einen Wert von -20 bis 0 wählen</translation>
    </message>
    <message>
        <source>The recipe {path} has the format {count}, this StemDesk knows {others}</source>
        <translation>Das Rezept {path} hat das Format {count}, dieses StemDesk kennt {others}</translation>
    </message>
    <message>
        <source>use a newer StemDesk</source>
        <translation>ein neueres StemDesk verwenden</translation>
    </message>
    <message>
        <source>The recipe {path} cannot be: {reason}</source>
        <translation>Das Rezept {path} ist unmöglich: {reason}</translation>
    </message>
    <message>
        <source>The mix works on the stem {stem}, but the song has {names}</source>
        <translation>Der Mix bearbeitet den Stem {stem}, aber der Song hat {names}</translation>
    </message>
    <message>
        <source>separate it with a model that has this stem, or leave it out of the mix</source>
        <translation>mit einem Modell trennen, das diesen Stem hat, oder ihn aus dem Mix weglassen</translation>
    </message>
    <message>
        <source>see to it that you may read it</source>
        <translation>für das Leserecht sorgen</translation>
    </message>
    <message>
        <source>The recipe {path} is no text file</source>
        <translation>Das Rezept {path} ist keine Textdatei</translation>
    </message>
    <message>
        <source>name one that --save-recipe has written</source>
        <translation>eines angeben, das --save-recipe geschrieben hat</translation>
    </message>
    <message>
        <source>The recipe {path} has the unknown field {field}</source>
        <translation>Das Rezept {path} hat das unbekannte Feld {field}</translation>
    </message>
    <message>
        <source>The recipe {path} has the unknown field {field} at line {count}</source>
        <translation>Das Rezept {path} hat in Zeile {count} das unbekannte Feld {field}</translation>
    </message>
    <message>
        <source>The recipe {path} has the unknown field {field} at {place}</source>
        <translation>Das Rezept {path} hat bei {place} das unbekannte Feld {field}</translation>
    </message>
    <message>
        <source>The recipe {path} has the unknown field {field} at line {count}, {place}</source>
        <translation>Das Rezept {path} hat in Zeile {count}, {place}, das unbekannte Feld {field}</translation>
    </message>
    <message>
        <source>The recipe {path} does not exist</source>
        <translation>Das Rezept {path} gibt es nicht</translation>
    </message>
    <message>
        <source>The recipe {path} is a folder</source>
        <translation>Das Rezept {path} ist ein Ordner</translation>
    </message>
    <message>
        <source>The recipe {path} is no TOML: {reason}</source>
        <translation>Das Rezept {path} ist kein TOML: {reason}</translation>
    </message>
    <message>
        <source>mend it</source>
        <translation>berichtigen</translation>
    </message>
    <message>
        <source>The recipe {path} has a mistake: {reason}</source>
        <translation>Das Rezept {path} hat einen Fehler: {reason}</translation>
    </message>
    <message>
        <source>The recipe {path} has a mistake at line {count}: {reason}</source>
        <translation>Das Rezept {path} hat einen Fehler in Zeile {count}: {reason}</translation>
    </message>
    <message>
        <source>The recipe {path} has a mistake at {place}: {reason}</source>
        <translation>Das Rezept {path} hat einen Fehler bei {place}: {reason}</translation>
    </message>
    <message>
        <source>The recipe {path} has a mistake at line {count}, {place}: {reason}</source>
        <translation>Das Rezept {path} hat einen Fehler in Zeile {count}, {place}: {reason}</translation>
    </message>
    <message>
        <source>separate a song first</source>
        <translation>zuerst einen Song trennen</translation>
    </message>
    <message>
        <source>The mix has the strips {lane}, but the stems are {names}</source>
        <translation>Der Mix hat die Kanalzüge {lane}, aber die Stems sind {names}</translation>
    </message>
    <message>
        <source>use a mix that was made for these stems</source>
        <translation>einen Mix verwenden, der für diese Stems gemacht ist</translation>
    </message>
    <message>
        <source>The stem {stem} has {hz} Hz, the others {others} Hz</source>
        <translation>Der Stem {stem} hat {hz} Hz, die anderen {others} Hz</translation>
    </message>
    <message>
        <source>export them at one sample rate</source>
        <translation>mit einer einheitlichen Abtastrate exportieren</translation>
    </message>
    <message>
        <source>There is no sound output &quot;{choice}&quot;</source>
        <translation>Es gibt keine Tonausgabe „{choice}“</translation>
    </message>
    <message>
        <source>No sound output was found</source>
        <translation>Keine Tonausgabe gefunden</translation>
    </message>
    <message>
        <source>connect or switch on a sound device, then press play</source>
        <translation>ein Audiogerät anschließen oder einschalten, dann „Wiedergabe“ drücken</translation>
    </message>
    <message>
        <source>Several sound outputs fit &quot;{choice}&quot;</source>
        <translation>Zu „{choice}“ passen mehrere Tonausgaben</translation>
    </message>
    <message>
        <source>There is no sound input &quot;{choice}&quot;</source>
        <translation>Es gibt keinen Toneingang „{choice}“</translation>
    </message>
    <message>
        <source>No sound input was found</source>
        <translation>Kein Toneingang gefunden</translation>
    </message>
    <message>
        <source>connect or switch on a sound device</source>
        <translation>ein Audiogerät anschließen oder einschalten</translation>
    </message>
    <message>
        <source>Several sound inputs fit &quot;{choice}&quot;</source>
        <translation>Zu „{choice}“ passen mehrere Toneingänge</translation>
    </message>
    <message>
        <source>The sound input &quot;{source}&quot; and output &quot;{target}&quot; cannot run together at {hz} Hz ({reason})</source>
        <translation>Der Toneingang „{source}“ und die Tonausgabe „{target}“ laufen nicht zusammen mit {hz} Hz ({reason})</translation>
    </message>
    <message>
        <source>choose two of one sound system that can, or set them to that rate</source>
        <translation>zwei desselben Audiosystems wählen, die das können, oder beide auf diese Rate stellen</translation>
    </message>
    <message>
        <source>The loop from {seconds} to {second} s leaves the song</source>
        <translation>Der Loop von {seconds} bis {second} s ragt aus dem Song hinaus</translation>
    </message>
    <message>
        <source>choose times from 0 to {seconds} s</source>
        <translation>Zeiten von 0 bis {seconds} s wählen</translation>
    </message>
    <message>
        <source>The loop ends {seconds} s after it begins</source>
        <translation>Der Loop endet {seconds} s nach seinem Anfang</translation>
    </message>
    <message>
        <source>make it {ms} ms long at least</source>
        <translation>ihn mindestens {ms} ms lang machen</translation>
    </message>
    <message>
        <source>The song cannot play at {level} times its speed</source>
        <translation>Der Song lässt sich nicht mit {level}-facher Geschwindigkeit wiedergeben</translation>
    </message>
    <message>
        <source>There is no sound, because sounddevice is missing</source>
        <translation>Es gibt keinen Ton, weil sounddevice fehlt</translation>
    </message>
    <message>
        <source>install the Python package sounddevice</source>
        <translation>das Python-Paket sounddevice installieren</translation>
    </message>
    <message>
        <source>There is no sound, because PortAudio is missing</source>
        <translation>Es gibt keinen Ton, weil PortAudio fehlt</translation>
    </message>
    <message>
        <source>install the package portaudio, then play again</source>
        <translation>das Paket portaudio installieren, dann erneut wiedergeben</translation>
    </message>
    <message>
        <source>install the package portaudio (Debian, Ubuntu: sudo apt install libportaudio2), then play again</source>
        <translation>das Paket portaudio installieren (Debian, Ubuntu: sudo apt install libportaudio2), dann erneut wiedergeben</translation>
    </message>
    <message>
        <source>There is no sound, because PortAudio does not start ({reason})</source>
        <translation>Es gibt keinen Ton, weil PortAudio nicht startet ({reason})</translation>
    </message>
    <message>
        <source>see to it that the computer&apos;s sound works, then play again</source>
        <translation>dafür sorgen, dass der Ton des Computers funktioniert, dann erneut wiedergeben</translation>
    </message>
    <message>
        <source>The sound system does not answer ({reason})</source>
        <translation>Das Tonsystem antwortet nicht ({reason})</translation>
    </message>
    <message>
        <source>The sound output &quot;{name}&quot; cannot be opened ({reason})</source>
        <translation>Die Tonausgabe „{name}“ lässt sich nicht öffnen ({reason})</translation>
    </message>
    <message>
        <source>close other programs that use it, or choose another output</source>
        <translation>andere Programme schließen, die sie benutzen, oder eine andere Ausgabe wählen</translation>
    </message>
    <message>
        <source>{place}: the stems of {name} have the gain {level}</source>
        <translation>{place}: Die Stems von {name} haben die Verstärkung {level}</translation>
    </message>
    <message>
        <source>bring it back from a backup</source>
        <translation>aus einer Sicherung wiederherstellen</translation>
    </message>
    <message>
        <source>{place}: {name} has strips for {lane}, but the stems {names}</source>
        <translation>{place}: {name} hat Kanalzüge für {lane}, aber die Stems {names}</translation>
    </message>
    <message>
        <source>{place}: {name} has strips for nothing, but the stems {names}</source>
        <translation>{place}: {name} hat keine Kanalzüge, aber die Stems {names}</translation>
    </message>
    <message>
        <source>{place} names a file that cannot be: &apos;{path}&apos; ({count} frames, {hz} Hz, {channels} channels)</source>
        <translation>{place} nennt eine unmögliche Datei: „{path}“ ({count} Samples, {hz} Hz, {channels} Kanäle)</translation>
    </message>
    <message>
        <source>{place} has songs that cannot be told apart (id &apos;{name}&apos;)</source>
        <translation>{place} hat Songs, die sich nicht unterscheiden lassen (Kennung „{name}“)</translation>
    </message>
    <message>
        <source>{place} is damaged ({reason})</source>
        <translation>{place} ist beschädigt ({reason})</translation>
    </message>
    <message>
        <source>it holds no project</source>
        <translation>sie enthält kein Projekt</translation>
    </message>
    <message>
        <source>{name} is no number of JSON</source>
        <translation>{name} ist keine JSON-Zahl</translation>
    </message>
    <message>
        <source>{place} does not say in which format it is written</source>
        <translation>{place} nennt nicht das Format, in dem es geschrieben ist</translation>
    </message>
    <message>
        <source>choose a project that StemDesk has saved</source>
        <translation>ein Projekt wählen, das StemDesk gespeichert hat</translation>
    </message>
    <message>
        <source>{place} was written by {author} in format {count}, and this StemDesk reads formats up to {others}</source>
        <translation>{place} wurde von {author} im Format {count} geschrieben, und dieses StemDesk liest Formate bis {others}</translation>
    </message>
    <message>
        <source>{place} was written by a later StemDesk in format {count}, and this StemDesk reads formats up to {others}</source>
        <translation>{place} wurde von einem neueren StemDesk im Format {count} geschrieben, und dieses StemDesk liest Formate bis {others}</translation>
    </message>
    <message>
        <source>open it with that version, or a later one</source>
        <translation>mit dieser oder einer neueren Version öffnen</translation>
    </message>
    <message>
        <source>check the disk and your rights to the file</source>
        <translation>den Datenträger und die Rechte an der Datei prüfen</translation>
    </message>
    <message>
        <source>There is no file {path}</source>
        <translation>Es gibt keine Datei {path}</translation>
    </message>
    <message>
        <source>find it, or leave it out</source>
        <translation>sie suchen oder weglassen</translation>
    </message>
    <message>
        <source>{name} is open in another StemDesk</source>
        <translation>{name} ist in einem anderen StemDesk geöffnet</translation>
    </message>
    <message>
        <source>{name} is open in another StemDesk on {host} (process {count})</source>
        <translation>{name} ist in einem anderen StemDesk auf {host} geöffnet (Prozess {count})</translation>
    </message>
    <message>
        <source>{name} is open in another StemDesk on {host} (process {count}, since {date})</source>
        <translation>{name} ist in einem anderen StemDesk auf {host} geöffnet (Prozess {count}, seit {date})</translation>
    </message>
    <message>
        <source>close it there, open it read-only, or open a copy</source>
        <translation>dort schließen, schreibgeschützt öffnen oder eine Kopie öffnen</translation>
    </message>
    <message>
        <source>{path} is another file than the one the project used</source>
        <translation>{path} ist eine andere Datei als die vom Projekt verwendete</translation>
    </message>
    <message>
        <source>choose the one it used, or add this one as a new song</source>
        <translation>die verwendete wählen oder diese als neuen Song hinzufügen</translation>
    </message>
    <message>
        <source>{path} has {count} frames, {hz} Hz, {channels} channels, and the missing file had {frames}, {rate} and {others}</source>
        <translation>{path} hat {count} Samples, {hz} Hz, {channels} Kanäle, und die fehlende Datei hatte {frames}, {rate} und {others}</translation>
    </message>
    <message>
        <source>choose the one the project used</source>
        <translation>die vom Projekt verwendete wählen</translation>
    </message>
    <message>
        <source>{name} was opened read-only</source>
        <translation>{name} wurde schreibgeschützt geöffnet</translation>
    </message>
    <message>
        <source>save it under another name</source>
        <translation>unter einem anderen Namen speichern</translation>
    </message>
    <message>
        <source>The project has no place yet</source>
        <translation>Das Projekt hat noch keinen Ort</translation>
    </message>
    <message>
        <source>save it under a name</source>
        <translation>unter einem Namen speichern</translation>
    </message>
    <message>
        <source>{name} has a later state that was never saved</source>
        <translation>{name} hat einen neueren Stand, der nie gespeichert wurde</translation>
    </message>
    <message>
        <source>take it or discard it first</source>
        <translation>ihn zuerst übernehmen oder verwerfen</translation>
    </message>
    <message>
        <source>{name} is there already</source>
        <translation>{name} gibt es schon</translation>
    </message>
    <message>
        <source>There is no project {folder}</source>
        <translation>Es gibt kein Projekt {folder}</translation>
    </message>
    <message>
        <source>{folder} is no StemDesk project</source>
        <translation>{folder} ist kein StemDesk-Projekt</translation>
    </message>
    <message>
        <source>choose a folder that holds {name}</source>
        <translation>einen Ordner wählen, der {name} enthält</translation>
    </message>
    <message>
        <source>{stem} has no effect {name}</source>
        <translation>{stem} hat keinen Effekt {name}</translation>
    </message>
    <message>
        <source>add one first</source>
        <translation>zuerst einen hinzufügen</translation>
    </message>
    <message>
        <source>{stem} has an effect named {name} already</source>
        <translation>{stem} hat schon einen Effekt namens {name}</translation>
    </message>
    <message>
        <source>{name} has no strip {stem}</source>
        <translation>{name} hat keinen Kanalzug {stem}</translation>
    </message>
    <message>
        <source>An effect cannot be named &apos;{name}&apos;</source>
        <translation>Ein Effekt kann nicht „{name}“ heißen</translation>
    </message>
    <message>
        <source>give it a name of one letter at least, no dots</source>
        <translation>einen Namen mit mindestens einem Buchstaben und ohne Punkte angeben</translation>
    </message>
    <message>
        <source>The mix is for {lane}, but {name} has {names}</source>
        <translation>Der Mix ist für {lane}, aber {name} hat {names}</translation>
    </message>
    <message>
        <source>fit it to this song first</source>
        <translation>ihn zuerst an diesen Song anpassen</translation>
    </message>
    <message>
        <source>A marker&apos;s name cannot be empty</source>
        <translation>Der Name eines Markers darf nicht leer sein</translation>
    </message>
    <message>
        <source>give it one letter at least</source>
        <translation>mindestens einen Buchstaben angeben</translation>
    </message>
    <message>
        <source>The stretch from frame {count} to {others} is empty</source>
        <translation>Der Abschnitt von Sample {count} bis {others} ist leer</translation>
    </message>
    <message>
        <source>let it end after it begins</source>
        <translation>ihn nach seinem Anfang enden lassen</translation>
    </message>
    <message>
        <source>The tempo cannot be {level} bpm</source>
        <translation>Das Tempo kann nicht {level} bpm sein</translation>
    </message>
    <message>
        <source>choose from {least} to {most} bpm</source>
        <translation>einen Wert von {least} bis {most} bpm wählen</translation>
    </message>
    <message>
        <source>The metre cannot be {count}/{unit}</source>
        <translation>Die Taktart kann nicht {count}/{unit} sein</translation>
    </message>
    <message>
        <source>choose {least} to {most} beats of 1/{units}</source>
        <translation>{least} bis {most} Schläge von 1/{units} wählen</translation>
    </message>
    <message>
        <source>The first beat cannot be at {seconds} s</source>
        <translation>Der erste Schlag kann nicht bei {seconds} s liegen</translation>
    </message>
    <message>
        <source>choose a time in the song&apos;s {seconds} s</source>
        <translation>eine Zeit innerhalb der {seconds} s des Songs wählen</translation>
    </message>
    <message>
        <source>Frame {count} is not in {name}</source>
        <translation>Sample {count} liegt nicht in {name}</translation>
    </message>
    <message>
        <source>choose from 0 to {count}</source>
        <translation>einen Wert von 0 bis {count} wählen</translation>
    </message>
    <message>
        <source>The marker {name} is not at frame {count} any more</source>
        <translation>Der Marker {name} ist nicht mehr bei Sample {count}</translation>
    </message>
    <message>
        <source>choose one from the ruler</source>
        <translation>einen vom Lineal wählen</translation>
    </message>
    <message>
        <source>The region of {stem} at frame {count} is not there any more</source>
        <translation>Den Bereich von {stem} bei Sample {count} gibt es nicht mehr</translation>
    </message>
    <message>
        <source>{name} has no stem {stem}</source>
        <translation>{name} hat keinen Stem {stem}</translation>
    </message>
    <message>
        <source>The separation of {name} has no stems</source>
        <translation>Die Trennung von {name} hat keine Stems</translation>
    </message>
    <message>
        <source>separate it anew</source>
        <translation>erneut trennen</translation>
    </message>
    <message>
        <source>The stem {stem} ({samples}) does not fit {name} ({who})</source>
        <translation>Der Stem {stem} ({samples}) passt nicht zu {name} ({who})</translation>
    </message>
    <message>
        <source>{count} frames, {hz} Hz, {channels} channels</source>
        <translation>{count} Samples, {hz} Hz, {channels} Kanäle</translation>
    </message>
    <message>
        <source>separate the song anew</source>
        <translation>den Song erneut trennen</translation>
    </message>
    <message>
        <source>The song {name} is not in the project any more</source>
        <translation>Der Song {name} ist nicht mehr im Projekt</translation>
    </message>
    <message>
        <source>The song {name} is in the project already</source>
        <translation>Der Song {name} ist schon im Projekt</translation>
    </message>
    <message>
        <source>leave it there</source>
        <translation>ihn dort lassen</translation>
    </message>
    <message>
        <source>A song&apos;s name cannot be empty</source>
        <translation>Der Name eines Songs darf nicht leer sein</translation>
    </message>
    <message>
        <source>The model card {path} has format {count}, newer than {others}</source>
        <translation>Die Modellkarte {path} hat das Format {count}, neuer als {others}</translation>
    </message>
    <message>
        <source>update StemDesk to {name}</source>
        <translation>StemDesk auf {name} aktualisieren</translation>
    </message>
    <message>
        <source>update StemDesk to a newer version</source>
        <translation>StemDesk auf eine neuere Version aktualisieren</translation>
    </message>
    <message>
        <source>The model card {path} cannot be read ({reason})</source>
        <translation>Die Modellkarte {path} lässt sich nicht lesen ({reason})</translation>
    </message>
    <message>
        <source>reinstall or remove that model</source>
        <translation>dieses Modell neu installieren oder entfernen</translation>
    </message>
    <message>
        <source>There is no model {name}</source>
        <translation>Es gibt kein Modell {name}</translation>
    </message>
    <message>
        <source>choose one of: {choices}</source>
        <translation>eines davon wählen: {choices}</translation>
    </message>
    <message>
        <source>no model is installed; train one</source>
        <translation>kein Modell ist installiert; eines trainieren</translation>
    </message>
    <message>
        <source>The model card {path} is that of {name}</source>
        <translation>Die Modellkarte {path} gehört zu {name}</translation>
    </message>
    <message>
        <source>rename the folder to {name}, or reinstall that model</source>
        <translation>den Ordner in {name} umbenennen oder dieses Modell neu installieren</translation>
    </message>
    <message>
        <source>The network {name} is not installed</source>
        <translation>Das Netz {name} ist nicht installiert</translation>
    </message>
    <message>
        <source>install the package that provides it</source>
        <translation>das Paket installieren, das es bereitstellt</translation>
    </message>
    <message>
        <source>The network {name} cannot be imported ({reason})</source>
        <translation>Das Netz {name} lässt sich nicht importieren ({reason})</translation>
    </message>
    <message>
        <source>reinstall the package that provides it</source>
        <translation>das Paket neu installieren, das es bereitstellt</translation>
    </message>
    <message>
        <source>The weights {path} are not the ones the card describes</source>
        <translation>Die Gewichte {path} sind nicht die, die auf der Karte stehen</translation>
    </message>
    <message>
        <source>The weights {path} cannot be loaded ({reason})</source>
        <translation>Die Gewichte {path} lassen sich nicht laden ({reason})</translation>
    </message>
    <message>
        <source>There is no device {name}</source>
        <translation>Es gibt kein Gerät {name}</translation>
    </message>
    <message>
        <source>use one of: {choices}</source>
        <translation>eines davon verwenden: {choices}</translation>
    </message>
    <message>
        <source>The device {name} cannot be used ({reason})</source>
        <translation>Das Gerät {name} lässt sich nicht verwenden ({reason})</translation>
    </message>
    <message>
        <source>use --device auto or --device cpu</source>
        <translation>--device auto oder --device cpu verwenden</translation>
    </message>
    <message>
        <source>no GPU that torch can use: {reason}</source>
        <translation>keine GPU, die torch verwenden kann: {reason}</translation>
    </message>
    <message>
        <source>{name} is not supported by this build of torch</source>
        <translation>{name} wird von dieser Ausgabe von torch nicht unterstützt</translation>
    </message>
    <message>
        <source>{name} has no memory free; close what uses it</source>
        <translation>{name} hat keinen freien Speicher; schließen, was ihn belegt</translation>
    </message>
    <message>
        <source>{name} failed at its first sum: {reason}</source>
        <translation>{name} ist an der ersten Rechnung gescheitert: {reason}</translation>
    </message>
    <message>
        <source>There is not enough memory for this model</source>
        <translation>Für dieses Modell reicht der Speicher nicht</translation>
    </message>
    <message>
        <source>close other programs or choose a smaller model</source>
        <translation>andere Programme schließen oder ein kleineres Modell wählen</translation>
    </message>
    <message>
        <source>There is no post-processing stage {name}</source>
        <translation>Es gibt keine Nachbearbeitungsstufe {name}</translation>
    </message>
    <message>
        <source>Post-processing {name} is out of range</source>
        <translation>Die Nachbearbeitung {name} liegt außerhalb des Bereichs</translation>
    </message>
    <message>
        <source>Post-processing {name} has no number</source>
        <translation>Die Nachbearbeitung {name} hat keine Zahl</translation>
    </message>
    <message>
        <source>write {name}=NUMBER with a number from {least} to {most}</source>
        <translation>{name}=ZAHL schreiben, mit einer Zahl von {least} bis {most}</translation>
    </message>
    <message>
        <source>Another StemDesk is at work in {folder}</source>
        <translation>In {folder} arbeitet ein anderes StemDesk</translation>
    </message>
    <message>
        <source>wait for it or choose another output folder</source>
        <translation>darauf warten oder einen anderen Ausgabeordner wählen</translation>
    </message>
    <message>
        <source>An alpha of {level} is no threshold</source>
        <translation>Ein Alpha von {level} ist keine Schwelle</translation>
    </message>
    <message>
        <source>choose one between 0 and 1</source>
        <translation>eines zwischen 0 und 1 wählen</translation>
    </message>
    <message>
        <source>The model {name} has no threshold that alpha could set</source>
        <translation>Das Modell {name} hat keine Schwelle, die Alpha einstellen könnte</translation>
    </message>
    <message>
        <source>leave alpha out, or choose a model whose binary masks leave a stem out</source>
        <translation>Alpha weglassen oder ein Modell wählen, dessen binäre Masken einen Stem auslassen</translation>
    </message>
    <message>
        <source>No control can be learnt without MIDI</source>
        <translation>Ohne MIDI lässt sich kein Regler lernen</translation>
    </message>
    <message>
        <source>There is no parameter {address} to control</source>
        <translation>Es gibt keinen Parameter {address}, der sich steuern ließe</translation>
    </message>
    <message>
        <source>choose another</source>
        <translation>einen anderen wählen</translation>
    </message>
    <message>
        <source>MIDI is not available because this computer runs no ALSA sequencer</source>
        <translation>MIDI ist nicht verfügbar, weil auf diesem Computer kein ALSA-Sequencer läuft</translation>
    </message>
    <message>
        <source>load it with `sudo modprobe snd-seq`</source>
        <translation>ihn mit `sudo modprobe snd-seq` laden</translation>
    </message>
    <message>
        <source>MIDI is not available because this computer runs no ALSA sequencer: load it with `sudo modprobe snd-seq`</source>
        <translation>MIDI ist nicht verfügbar, weil auf diesem Computer kein ALSA-Sequencer läuft: ihn mit `sudo modprobe snd-seq` laden</translation>
    </message>
    <message>
        <source>MIDI is not available because {path} may not be opened</source>
        <translation>MIDI ist nicht verfügbar, weil {path} nicht geöffnet werden darf</translation>
    </message>
    <message>
        <source>add yourself to the group `audio` and log in again</source>
        <translation>das eigene Konto in die Gruppe `audio` aufnehmen und neu anmelden</translation>
    </message>
    <message>
        <source>MIDI is not available because {path} may not be opened: add yourself to the group `audio` and log in again</source>
        <translation>MIDI ist nicht verfügbar, weil {path} nicht geöffnet werden darf: das eigene Konto in die Gruppe `audio` aufnehmen und neu anmelden</translation>
    </message>
    <message>
        <source>MIDI is not available because {name} is missing</source>
        <translation>MIDI ist nicht verfügbar, weil {name} fehlt</translation>
    </message>
    <message>
        <source>install it with `pip install python-rtmidi`</source>
        <translation>mit `pip install python-rtmidi` installieren</translation>
    </message>
    <message>
        <source>MIDI is not available because {name} is missing: install it with `pip install python-rtmidi`</source>
        <translation>MIDI ist nicht verfügbar, weil {name} fehlt: mit `pip install python-rtmidi` installieren</translation>
    </message>
    <message>
        <source>MIDI is not available because python-rtmidi does not load ({reason})</source>
        <translation>MIDI ist nicht verfügbar, weil python-rtmidi sich nicht laden lässt ({reason})</translation>
    </message>
    <message>
        <source>install the library it misses, or install python-rtmidi again</source>
        <translation>die fehlende Bibliothek installieren oder python-rtmidi neu installieren</translation>
    </message>
    <message>
        <source>MIDI is not available because python-rtmidi does not load ({reason}): install the library it misses, or install python-rtmidi again</source>
        <translation>MIDI ist nicht verfügbar, weil python-rtmidi sich nicht laden lässt ({reason}): die fehlende Bibliothek installieren oder python-rtmidi neu installieren</translation>
    </message>
    <message>
        <source>MIDI is not available ({reason})</source>
        <translation>MIDI ist nicht verfügbar ({reason})</translation>
    </message>
    <message>
        <source>start the system&apos;s MIDI service, and StemDesk again</source>
        <translation>den MIDI-Dienst des Systems und danach StemDesk neu starten</translation>
    </message>
    <message>
        <source>MIDI is not available ({reason}): start the system&apos;s MIDI service, and StemDesk again</source>
        <translation>MIDI ist nicht verfügbar ({reason}): den MIDI-Dienst des Systems und danach StemDesk neu starten</translation>
    </message>
    <message>
        <source>The MIDI port {name} cannot be opened ({reason})</source>
        <translation>Der MIDI-Port {name} lässt sich nicht öffnen ({reason})</translation>
    </message>
    <message>
        <source>close other programs that use it, or plug it in again</source>
        <translation>andere Programme schließen, die ihn benutzen, oder das Gerät neu anschließen</translation>
    </message>
    <message>
        <source>There is nothing at {address}</source>
        <translation>Unter {address} gibt es nichts</translation>
    </message>
    <message>
        <source>ask for /strips</source>
        <translation>/strips abfragen</translation>
    </message>
    <message>
        <source>{address} takes one number</source>
        <translation>{address} nimmt eine einzige Zahl an</translation>
    </message>
    <message>
        <source>send one at a time</source>
        <translation>einzeln senden</translation>
    </message>
    <message>
        <source>OSC cannot be received at {host}:{port} ({reason})</source>
        <translation>OSC lässt sich unter {host}:{port} nicht empfangen ({reason})</translation>
    </message>
    <message>
        <source>choose another port, or an address of this computer</source>
        <translation>einen anderen Port oder eine Adresse dieses Computers wählen</translation>
    </message>
    <message>
        <source>{count} is no port</source>
        <translation>{count} ist kein Port</translation>
    </message>
    <message>
        <source>choose one from 1 to {count}</source>
        <translation>einen von 1 bis {count} wählen</translation>
    </message>
    <message>
        <source>The travel of {address} cannot be {level}</source>
        <translation>Der Regelweg von {address} kann nicht {level} sein</translation>
    </message>
    <message>
        <source>send 0 to 1</source>
        <translation>0 bis 1 senden</translation>
    </message>
    <message>
        <source>{name} could not be written ({reason})</source>
        <translation>{name} ließ sich nicht schreiben ({reason})</translation>
    </message>
    <message>
        <source>check the disk or choose another folder</source>
        <translation>den Datenträger prüfen oder einen anderen Ordner wählen</translation>
    </message>
    <message>
        <source>The disk is full: {name} could not be written</source>
        <translation>Der Datenträger ist voll: {name} ließ sich nicht schreiben</translation>
    </message>
    <message>
        <source>free some space or choose another folder than {folder}</source>
        <translation>Platz schaffen oder einen anderen Ordner als {folder} wählen</translation>
    </message>
    <message>
        <source>{name} is larger than this disk&apos;s file system allows</source>
        <translation>{name} ist größer, als das Dateisystem dieses Datenträgers erlaubt</translation>
    </message>
    <message>
        <source>choose another disk</source>
        <translation>einen anderen Datenträger wählen</translation>
    </message>
    <message>
        <source>{name} may not be written in {folder}</source>
        <translation>{name} darf nicht in {folder} geschrieben werden</translation>
    </message>
    <message>
        <source>choose a folder you may write to, or close the program that holds the file</source>
        <translation>einen beschreibbaren Ordner wählen oder das Programm schließen, das die Datei geöffnet hält</translation>
    </message>
    <message>
        <source>The file name {name}... is too long</source>
        <translation>Der Dateiname {name}... ist zu lang</translation>
    </message>
    <message>
        <source>choose a shorter name</source>
        <translation>einen kürzeren Namen wählen</translation>
    </message>
    <message>
        <source>{folder} has {count} of the {others} MB needed</source>
        <translation>{folder} hat {count} von {others} MB, die nötig sind</translation>
    </message>
    <message>
        <source>free some space or choose another folder</source>
        <translation>Platz schaffen oder einen anderen Ordner wählen</translation>
    </message>
    <message>
        <source>A folder has the name {path}</source>
        <translation>Ein Ordner heißt {path}</translation>
    </message>
    <message>
        <source>The folder {path} cannot be made because a file has that name</source>
        <translation>Der Ordner {path} lässt sich nicht anlegen, weil eine Datei so heißt</translation>
    </message>
    <message>
        <source>choose another folder</source>
        <translation>einen anderen Ordner wählen</translation>
    </message>
    <message>
        <source>The folder {path} cannot be written to ({reason})</source>
        <translation>In den Ordner {path} lässt sich nicht schreiben ({reason})</translation>
    </message>
    <message>
        <source>choose a folder you may write to</source>
        <translation>einen beschreibbaren Ordner wählen</translation>
    </message>
    <message>
        <source>The name template {template} has an empty part or leads out of the folder</source>
        <translation>Die Namensvorlage {template} hat einen leeren Teil oder führt aus dem Ordner hinaus</translation>
    </message>
    <message>
        <source>write it as &quot;folder/{title} {stem}&quot;</source>
        <translation>als „folder/{title} {stem}“ schreiben</translation>
    </message>
    <message>
        <source>The name template {template} has a brace without its partner</source>
        <translation>In der Namensvorlage {template} steht eine geschweifte Klammer ohne ihr Gegenstück</translation>
    </message>
    <message>
        <source>use these tokens: {known}</source>
        <translation>diese Platzhalter verwenden: {known}</translation>
    </message>
    <message>
        <source>The name template {template} has the unknown token {token}</source>
        <translation>Die Namensvorlage {template} hat den unbekannten Platzhalter {token}</translation>
    </message>
    <message>
        <source>The settings {path} come from a later StemDesk (format {count})</source>
        <translation>Die Einstellungen {path} stammen von einem neueren StemDesk (Format {count})</translation>
    </message>
    <message>
        <source>The MIDI settings {path} come from a later StemDesk (format {count})</source>
        <translation>Die MIDI-Einstellungen {path} stammen von einem neueren StemDesk (Format {count})</translation>
    </message>
    <message>
        <source>update StemDesk, or move the file away to begin anew</source>
        <translation>StemDesk aktualisieren oder die Datei wegbewegen, um neu zu beginnen</translation>
    </message>
    <message>
        <source>The settings {path} cannot be read ({reason})</source>
        <translation>Die Einstellungen {path} lassen sich nicht lesen ({reason})</translation>
    </message>
    <message>
        <source>The MIDI settings {path} cannot be read ({reason})</source>
        <translation>Die MIDI-Einstellungen {path} lassen sich nicht lesen ({reason})</translation>
    </message>
    <message>
        <source>make the file readable or move it away</source>
        <translation>die Datei lesbar machen oder wegbewegen</translation>
    </message>
    <message>
        <source>The settings {path} are damaged ({reason})</source>
        <translation>Die Einstellungen {path} sind beschädigt ({reason})</translation>
    </message>
    <message>
        <source>The MIDI settings {path} are damaged ({reason})</source>
        <translation>Die MIDI-Einstellungen {path} sind beschädigt ({reason})</translation>
    </message>
    <message>
        <source>mend that line, or move the file away to begin anew</source>
        <translation>diese Zeile berichtigen oder die Datei wegbewegen, um neu zu beginnen</translation>
    </message>
    <message>
        <source>move the file away to begin anew, or mend it</source>
        <translation>die Datei wegbewegen, um neu zu beginnen, oder sie berichtigen</translation>
    </message>
</context>
<context>
    <name>_Row</name>
    <message>
        <source>Go to the marker</source>
        <translation>Zum Marker springen</translation>
    </message>
    <message>
        <source>Name of the marker</source>
        <translation>Name des Markers</translation>
    </message>
    <message>
        <source>Delete the marker</source>
        <translation>Den Marker löschen</translation>
    </message>
    <message>
        <source>Go to {0}</source>
        <translation>Zu {0} springen</translation>
    </message>
    <message>
        <source>Go to the region</source>
        <translation>Zum Bereich springen</translation>
    </message>
    <message>
        <source>Gain of the region</source>
        <translation>Verstärkung des Bereichs</translation>
    </message>
    <message>
        <source>Gain in dB, −∞ to +12 (Up and Down: 1 dB)</source>
        <translation>Verstärkung in dB, −∞ bis +12 (Auf und Ab: 1 dB)</translation>
    </message>
    <message>
        <source>Mute the region</source>
        <translation>Den Bereich stummschalten</translation>
    </message>
    <message>
        <source>Delete the region</source>
        <translation>Den Bereich löschen</translation>
    </message>
    <message>
        <source>Go to the region, {0} to {1}</source>
        <translation>Zum Bereich springen, {0} bis {1}</translation>
    </message>
</context>
</TS>
