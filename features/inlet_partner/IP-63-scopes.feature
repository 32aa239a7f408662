@IP-63
Feature: Bookings of every declared kind are handled

  Scenario Outline: <scope>
    Given the partner declares the scope "<scope>"
    When a booking of the kind "<scope>" is made
    Then whoever is to have access has it, at the right doors for the right time
    And nobody else has
    And messages go to whom "<scope>" means them to

    Examples:
      | scope               |
      | multi_room          |
      | group               |
      | common_door         |
      | agency              |
      | suppressed_messages |

  Scenario: Bookings of every declared kind are made longer
    Given the partner declares the change "extend"
    And a booking of each declared kind was made
    When all of them are made longer
    Then whoever is to have access has it, at the right doors for the right time
    And nobody else has

  Scenario: Bookings of every declared kind are cancelled
    Given the partner declares the change "cancel"
    And a booking of each declared kind was made
    When all of them are cancelled
    Then nobody else has
