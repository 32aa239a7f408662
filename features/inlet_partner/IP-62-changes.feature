@IP-62
Feature: The right person, the right door, the right time after every change

  Scenario Outline: <change>
    Given the partner declares the change "<change>"
    And a stay that can still be changed was booked
    When the booking undergoes "<change>"
    Then whoever is to have access has it, at the right doors for the right time
    And nobody else has

    Examples:
      | change    |
      | extend    |
      | shorten   |
      | move_room |
      | split     |
      | cancel    |
      | check_in  |

  Scenario: check_out
    Given the partner declares the change "check_out"
    And a stay that has begun was booked
    When the booking undergoes "check_out"
    Then whoever is to have access has it, at the right doors for the right time
    And nobody else has

  Scenario: Stays of every declared use are made longer
    Given the partner declares the change "extend"
    And a stay of each declared use was booked
    When all of them are made longer
    Then whoever is to have access has it, at the right doors for the right time
    And nobody else has

  Scenario: Stays of every declared use are cancelled
    Given the partner declares the change "cancel"
    And a stay of each declared use was booked
    When all of them are cancelled
    Then nobody else has
