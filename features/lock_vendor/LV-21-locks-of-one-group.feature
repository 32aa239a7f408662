@LV-21
Feature: Locks of one group

  A hotel shows its reception only the doors of its own building. Downloading
  every lock in the system and sorting them out afterwards does not scale.

  Scenario: Exactly the locks of the group
    When the locks of a group with some of the locks are listed
    Then exactly the locks of that group are listed

  Scenario: The vendor selects them
    Then the locks of a group can be had without downloading every lock

  Scenario: A group without locks
    When the locks of an empty group are listed
    Then no locks are listed

  Scenario: A group that does not exist
    When the locks of an unknown group are listed
    Then there is a clear error or an empty list, never locks
